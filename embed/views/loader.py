from datetime import UTC, datetime
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders

from core.codes import Code
from core.hosts import embed_origin
from core.http import error_response
from embed.admission import decide_widget
from embed.assets import Asset
from embed.gate import find
from embed.loader import render_refusal
from embed.public import public
from embed.snapshot import Scripts
from embed.visitors import Refused

# What is published or switched off shows within five seconds, also to who was on the site before: then a browser asks
# again, and hears 304. A cache in front may answer for us while we are away.
CACHE = "public, max-age=3, stale-if-error=86400"


@public("GET", "HEAD")
async def loader(request: HttpRequest, license_id: str) -> HttpResponse:
    """`chat-widget.js`: a widget's launcher. A site must never break: whatever is wrong, the answer is a script."""
    scripts = await _shown(request, license_id)
    asset = render_refusal(scripts) if isinstance(scripts, Code) else scripts.loader
    return asset_response(request, asset, cache=CACHE)


async def words(request: HttpRequest, license_id: str) -> HttpResponse:
    """The launcher in one of the widget's languages, a module that stage 1 imports."""
    scripts = await _shown(request, license_id)
    found = None if isinstance(scripts, Code) else scripts.words_in(request.GET["words"])
    return asset_response(request, found, cache=CACHE) if found else error_response(Code.NOT_FOUND)


async def _shown(request: HttpRequest, license_id: str) -> Scripts | Code:
    try:
        snapshot = await find(request, license_id, request.GET.get("widget", ""))
        code = decide_widget(snapshot, datetime.now(UTC))
    except Refused as refused:
        return refused.code
    if code is not None or snapshot is None or snapshot.show is None:
        return code or Code.WIDGET_NOT_FOUND
    return snapshot.show.scripts_at(embed_origin(request))


def asset_response(request: HttpRequest, asset: Asset, *, cache: str) -> HttpResponse:
    """Precomputed bytes in the best encoding that the browser takes, or 304."""
    if request.META.get("HTTP_IF_NONE_MATCH") == asset.etag:
        body, encoding, status = b"", None, 304
    else:
        body, encoding = asset.negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        status = 200
    response = HttpResponse(body, content_type=asset.content_type, status=status)
    # `_store`: Django checks each header that is set one by one, an eighth of such an answer.
    response.headers._store.update(_headers(asset.etag, encoding, cache))
    return response


@lru_cache(4096)
def _headers(etag: str, encoding: str | None, cache: str) -> dict[str, tuple[str, str]]:
    headers = {
        "Cache-Control": cache,
        "ETag": etag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **({"Content-Encoding": encoding} if encoding else {}),
    }
    return dict(ResponseHeaders(headers)._store)
