"""Gives each request an id that stands in its log lines and in its answer, and notes who calls."""

import random
import re
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.caller import set_caller
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
