import pytest
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure

REQUEST = RequestFactory().get("/o/alices-shop/widgets/")


@pytest.mark.parametrize(
    ("answer", "status", "heading"),
    [
        (lambda: defaults.bad_request(REQUEST, BadRequest("detail")), 400, "That request was not understood"),
        (lambda: defaults.permission_denied(REQUEST, PermissionError("detail")), 403, "Your role does not allow this"),
        (lambda: csrf_failure(REQUEST, "detail"), 403, "This page has been open for too long"),
        (lambda: defaults.page_not_found(REQUEST, ValueError("detail")), 404, "There is nothing here"),
        (lambda: defaults.server_error(REQUEST), 500, "Something went wrong on our side"),
    ],
)
def test_page_says_what_to_do_and_nothing_of_the_inside(answer, status, heading):
    response = answer()
    page = response.content.decode()
    assert (response.status_code, f"<h1>{heading}</h1>" in page) == (status, True)
    assert ("detail" in page, "alices-shop" in page) == (False, False)


@pytest.mark.django_db
def test_form_without_its_token_is_refused():
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})
    assert (response.status_code, "This page has been open for too long" in response.content.decode()) == (403, True)
