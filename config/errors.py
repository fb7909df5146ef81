"""What a fault of ours looks like: JSON to those who speak it, a page to people."""

from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

from core.codes import Code
from core.http import error_response


def fault(request: HttpRequest) -> HttpResponse:
    return error_response(Code.INTERNAL) if request.path.startswith("/api/") else server_error(request)
