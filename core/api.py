"""How `/api/v1/` says that something went wrong: as the public paths do, with the fields that are not valid."""

from collections.abc import Mapping
from typing import Any, Final

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
# Every code of `/api/v1/`, for those who write clients; a test holds the list closed.
CODES: Final = {
    Code.BAD_REQUEST: "The request is not valid. `fields` names each field or parameter and what is wrong with it.",
    "not_authenticated": "There is no token. Send `Authorization: Bearer cdt_…`.",
    "authentication_failed": "The token is unknown, revoked or expired, or may not be used from this address.",
    "permission_denied": "The role of the token's creator does not allow this any more, or never did.",
    "scope_missing": "The token lacks the scope that the message names.",
    "not_allowed": "The thing's state, or your standing towards it, forbids this. The message says why.",
    Code.ENTITLEMENT_MISSING: "The plan does not include this.",
    Code.ORGANIZATION_SUSPENDED: "The organization is suspended: it can read, and write nothing.",
    "limit_reached": "The plan's limit is reached.",
    "pool_exceeded": "The reseller's pool is used up.",
    "plan_not_allowed": "This plan may not be issued by you.",
    Code.NOT_FOUND: "There is no such thing, or it is not yours.",
    "method_not_allowed": "This address does not know the method.",
    "not_acceptable": "Answers are JSON only.",
    "idempotency_in_progress": "The same call with the same Idempotency-Key is being done right now. Ask again soon.",
    "stale_draft": "Somebody else saved in the meantime. Read it again.",
    "not_ready": "Something is missing before publishing. The message says what.",
    "over_limits": "More is in use than the new limits allow. `fields` has the numbers; `force` does it all the same.",
    Code.LICENSE_UNASSIGNED: "The licence belongs to nobody yet. Assign it first.",
    "precondition_failed": "It was changed since you read it. Read it again and repeat with its new ETag.",
    Code.TOO_LARGE: "The body is too large.",
    "unsupported_media_type": "Send JSON, with `Content-Type: application/json`.",
    "idempotency_key_reused": "The Idempotency-Key was used for a different body. Take a new one.",
    "precondition_required": "Send `If-Match` with the ETag of what you read, so that nobody's change is lost.",
    Code.RATE_LIMITED: "Too many calls. Wait for `Retry-After` seconds.",
    Code.INTERNAL: "A fault of ours; it is logged. Name the X-Request-ID when you write to us.",
}
_GENERAL = (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS)


class Refused(exceptions.APIException):
    status_code = 403
    default_code = "not_allowed"


class Conflict(exceptions.APIException):
    status_code = 409


class Unprocessable(exceptions.APIException):
    status_code = 422


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = Code.TOO_LARGE
    default_detail = "The body is too large."


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_code = "precondition_failed"
    default_detail = "It was changed in the meantime. Read it again and repeat with its new ETag."


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = "Send If-Match with the ETag of what you read."


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
    if fields := getattr(error, "fields", None):
        body["fields"] = fields
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "Bearer")
    if wait := getattr(error, "wait", None):  # seconds, of a throttled request
        body["retry_after"] = wait
        headers["Retry-After"] = str(wait)
    return Response({"error": body}, status=error.status_code, headers=headers)


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
