from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from core.codes import Code
from core.hosts import embed_origin
from embed.admission import decide_widget
from embed.assets import Asset
from embed.gate import find
from embed.loader import render_refusal
from embed.public import public
from embed.visitors import Refused

CACHE = "public, max-age=300, stale-while-revalidate=86400"
CACHE_REFUSAL = "public, max-age=30"


@public("GET", "HEAD")
async def loader(request: HttpRequest, license_id: str) -> HttpResponse:
    """`chat-widget.js`: a widget's launcher. A site must never break: whatever is wrong, the answer is a script."""
    try:
        snapshot = await find(request, license_id, request.GET.get("widget", ""))
        code = decide_widget(snapshot, datetime.now(UTC))
    except Refused as refused:
        snapshot, code = None, refused.code
    if code is not None or snapshot is None or snapshot.show is None:
        return asset_response(request, render_refusal(code or Code.WIDGET_NOT_FOUND), cache=CACHE_REFUSAL)
    return asset_response(request, snapshot.show.loader(embed_origin(request)), cache=CACHE)


def asset_response(request: HttpRequest, asset: Asset, *, cache: str) -> HttpResponse:
    """Precomputed bytes in the best encoding that the browser takes, or 304."""
    if request.META.get("HTTP_IF_NONE_MATCH") == asset.etag:
        response = HttpResponse(status=304)
    else:
        body, encoding = asset.negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response = HttpResponse(body, content_type=asset.content_type)
        if encoding:
            response["Content-Encoding"] = encoding
    response["Cache-Control"] = cache
    response["ETag"] = asset.etag
    response["Vary"] = "Accept-Encoding"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
