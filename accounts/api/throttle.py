"""How many calls a token has a minute, and how its answers say so.

Headers: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/07/
"""

import math
from typing import Any, cast

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.apitokens import Caller
from core.ratelimit import Limit, hit_sync, room_sync


class ApiThrottle(BaseThrottle):
    _wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        self._wait = hit_sync([limit_of(request)])
        return self._wait is None

    def wait(self) -> float | None:
        return self._wait


def limit_of(request: Request) -> Limit:
    caller = cast(Caller, request.auth)
    events, seconds = settings.RATE_LIMITS["api"]
    return Limit(f"api:token:{caller.token.pk}", events, seconds)


def rate_headers(request: Request) -> dict[str, str]:
    limit = limit_of(request)
    remaining, reset = room_sync(limit)
    return {
        "RateLimit-Limit": str(limit.events),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(math.ceil(reset)),
        "RateLimit-Policy": f"{limit.events};w={limit.seconds}",
    }
