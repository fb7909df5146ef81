"""How `/api/v1/` says that something went wrong: as the public paths do, with the fields that are not valid."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings

from core.codes import Code

# DRF's own names stay where the public paths know no such case (not_authenticated, permission_denied, …).
_CODES = {
    "invalid": Code.BAD_REQUEST,
    "parse_error": Code.BAD_REQUEST,
    "not_found": Code.NOT_FOUND,
    "throttled": Code.RATE_LIMITED,
}
_GENERAL = (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """`{"error": {"code", "message", "fields"?, "retry_after"?}}`, or None for a fault of ours: Django answers 500."""
    if isinstance(error, ValidationError | exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()  # its text would name the model
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    code = str(error.get_codes())
    body: dict[str, Any] = {"code": _CODES.get(code, code), "message": str(error.detail)}
    headers = {}
    status = error.status_code
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        status = 401  # DRF makes it 403 where the first way to sign in is a cookie
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "Bearer")
    if wait := getattr(error, "wait", None):  # seconds, of a throttled request
        body["retry_after"] = wait
        headers["Retry-After"] = str(wait)
    return Response({"error": body}, status=status, headers=headers)


def _invalid(error: ValidationError | exceptions.ValidationError) -> Response:
    details = as_serializer_error(error)
    fields = {name: messages for name, messages in details.items() if name not in _GENERAL}
    general = [str(message) for name in _GENERAL for message in details.get(name, [])]
    body: dict[str, Any] = {
        "code": Code.BAD_REQUEST,
        "message": " ".join(general) or "Some fields are not valid.",
        **({"fields": fields} if fields else {}),
    }
    return Response({"error": body}, status=400)
