from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from analytics.counting import EVENTS, count
from core import ratelimit
from core.clientip import client_ip, ip_prefix
from core.codes import Code
from core.http import BadRequest, read_json
from embed.gate import find
from embed.public import public
from embed.visitors import read_page

MOST = 20  # events in one beacon
_CODES = frozenset(Code)


@public("POST")
async def events(request: HttpRequest) -> HttpResponse:
    """`{"events": [{"name", "code"?}]}` under a page token → 204. Counted in memory, written in batches."""
    body = read_json(request, limit=4096)
    page = read_page(request.headers.get("X-Chatdock-Page", ""))
    if page.is_preview:
        return HttpResponse(status=204)
    listed = body.get("events")
    if not isinstance(listed, list) or len(listed) > MOST:
        raise BadRequest(Code.BAD_REQUEST)
    snapshot = await find(request, page.license_id, page.widget_id)
    address = ip_prefix(client_ip(request.META))
    wait = await ratelimit.hit([ratelimit.Limit(f"events:{address}", *settings.RATE_LIMITS["events"])])
    if snapshot and snapshot.organization_pk and wait is None:
        for (name, code), number in Counter(_known(listed)).items():
            count(snapshot.organization_pk, snapshot.widget_pk, name, code, number)
    return HttpResponse(status=204)


def _known(listed: list[Any]) -> Iterator[tuple[str, str]]:
    """(name, code) of the events that are ours."""
    for event in listed:
        match event:
            case {"name": str(name)} if name in EVENTS:
                code = event.get("code")
                yield name, code if isinstance(code, str) and code in _CODES else ""
