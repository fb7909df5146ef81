"""Two faces on two hosts: the dashboard's pages are not on the visitors' host, and the chat is not on the dashboard's.

A chat page loads foreign scripts; on the dashboard's origin it could act as the admin who looks at it. Where both URLs
name one host (a small installation; `check --deploy` warns) nothing is kept apart.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

PROBES = ("/healthz", "/readyz")


def is_embed_host(request: HttpRequest) -> bool:
    return _host(request) == _netloc(settings.EMBED_URL)


def is_dashboard_host(request: HttpRequest) -> bool:
    return _host(request) == _netloc(settings.DASHBOARD_URL)


def is_for_visitors_alone(request: HttpRequest) -> bool:
    return is_embed_host(request) and not is_dashboard_host(request)


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def _host(request: HttpRequest) -> str:
    host: str = request.META.get("HTTP_HOST") or request.get_host()
    return host.lower()


class DashboardHostMiddleware:
    """Nothing but the public paths and the probes answers on the visitors' host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_for_visitors_alone(request) and not request.path.startswith((*settings.PUBLIC_PREFIXES, *PROBES)):
            return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
        return self.get_response(request)
