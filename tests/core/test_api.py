import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from core.api import exception_handler


class Bearer(BaseAuthentication):
    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return "Bearer"


def answer(error):
    """(status, error object) of a view that raises it, through the whole of DRF."""

    class View(APIView):
        authentication_classes = [Bearer]
        permission_classes = [AllowAny]
        throttle_classes = []

        def get_exception_handler(self):
            return exception_handler

        def get(self, request):
            raise error

    response = View.as_view()(RequestFactory().get("/"))
    assert set(response.data) == {"error"}
    return response, response.data["error"]


class Form(serializers.Serializer):
    name = serializers.CharField()
    seats = serializers.IntegerField(min_value=1)


def test_fields_that_are_not_valid():
    form = Form(data={"seats": 0})
    with pytest.raises(exceptions.ValidationError) as caught:
        form.is_valid(raise_exception=True)
    response, error = answer(caught.value)
    assert response.status_code == 400
    assert error == {
        "code": "bad_request",
        "message": "Some fields are not valid.",
        "fields": {
            "name": ["This field is required."],
            "seats": ["Ensure this value is greater than or equal to 1."],
        },
    }


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ValidationError("The plan is used up."),
        exceptions.ValidationError({"non_field_errors": ["The plan is used up."]}),
        ValidationError("The plan is used up."),
        ValidationError({"__all__": ["The plan is used up."]}),
    ],
)
def test_invalid_as_a_whole(error):
    response, body = answer(error)
    assert (response.status_code, body) == (400, {"code": "bad_request", "message": "The plan is used up."})


def test_a_models_validation_error():
    _, body = answer(ValidationError({"name": ["Too long."]}))
    assert body == {"code": "bad_request", "message": "Some fields are not valid.", "fields": {"name": ["Too long."]}}


@pytest.mark.parametrize(
    ("error", "status", "code", "message"),
    [
        (Http404("No License matches the given query."), 404, "not_found", "Not found."),
        (exceptions.NotFound(), 404, "not_found", "Not found."),
        (PermissionDenied("inside"), 403, "permission_denied", "You do not have permission to perform this action."),
        (
            exceptions.PermissionDenied("Ask an owner.", "entitlement_missing"),
            403,
            "entitlement_missing",
            "Ask an owner.",
        ),
        (exceptions.ParseError("JSON parse error"), 400, "bad_request", "JSON parse error"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed", 'Method "PUT" not allowed.'),
    ],
)
def test_other_errors(error, status, code, message):
    response, body = answer(error)
    assert (response.status_code, body) == (status, {"code": code, "message": message})


@pytest.mark.parametrize("error", [exceptions.NotAuthenticated(), exceptions.AuthenticationFailed()])
def test_not_signed_in_is_401(error):
    response, body = answer(error)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert body["code"] == error.default_code


def test_throttled_says_when_to_come_back():
    response, body = answer(exceptions.Throttled(wait=2.1))
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3")
    assert (body["code"], body["retry_after"]) == ("rate_limited", 3)


def test_a_fault_of_ours_is_left_to_django():
    assert exception_handler(RuntimeError("boom"), {}) is None


def test_the_settings_name_this_handler(settings):
    assert settings.REST_FRAMEWORK["EXCEPTION_HANDLER"] == "core.api.exception_handler"
