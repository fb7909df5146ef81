"""An id for each request, that stands in its log lines and in its answer; who calls; and the process's figures."""

import random
import re
from collections.abc import Awaitable, Callable
from hmac import compare_digest

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core import metrics
from core.caller import set_caller
from core.hosts import is_for_visitors_alone
from core.logs import set_request_id

_HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")


def identify(given: str | None) -> str:
    """The id of the request being served: the one `given` by a proxy when it is well-formed, else a new one.

    It stays set when the request is over: Django logs errors after the last middleware. The next one replaces it.
    """
    identifier = given if given and _WELL_FORMED.fullmatch(given) else f"{random.getrandbits(128):032x}"
    set_request_id(identifier)
    return identifier


class MetricsMiddleware:
    """`GET /metrics` for those who know METRICS_TOKEN; for everybody else there is nothing at this path.

    No view, because it comes before the host is judged: a scraper calls each process by its own address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/metrics" or is_for_visitors_alone(request) or not _knows_token(request):
            return self.get_response(request)
        return HttpResponse(metrics.render(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _knows_token(request: HttpRequest) -> bool:
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


class RequestIdMiddleware:
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        identifier = identify(request.headers.get(_HEADER))
        set_caller(request.META)
        response = self.get_response(request)
        if isinstance(response, HttpResponseBase):
            response.headers[_HEADER] = identifier
            return response
        return _finish(response, identifier)


async def _finish(answer: Awaitable[HttpResponseBase], identifier: str) -> HttpResponseBase:
    response = await answer
    response.headers[_HEADER] = identifier
    return response
