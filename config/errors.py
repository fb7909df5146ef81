"""What a fault of ours looks like: JSON to those who speak it, a page to people."""

from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied, server_error

from accounts.decorators import Refusal
from core.codes import Code
from core.http import error_response, json_response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """To our scripts, which send JSON: `{message}` where it is not the role."""
    refusal = exception if isinstance(exception, Refusal) else None
    if request.content_type == "application/json":
        return json_response({"message": refusal.sentence} if refusal else {}, 403)
    return permission_denied(request, exception, refusal.template if refusal else "403.html")


def fault(request: HttpRequest) -> HttpResponse:
    return error_response(Code.INTERNAL) if request.path.startswith("/api/") else server_error(request)
