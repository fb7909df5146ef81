"""A page to stand in for somebody's site: the configurator frames it, and the real loader runs in it."""

import secrets
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode

from core.scriptjson import script_json
from embed import previews
from embed.admission import decide_widget, require
from embed.assets import get_asset
from embed.frames import render_refusal
from embed.gate import served_here
from embed.public import public
from embed.views.frame import page_response
from embed.visitors import Refused

MODES, PAGES = ("popup", "inline"), ("plain", "dark", "busy")


@public("GET")
async def preview_host(request: HttpRequest) -> HttpResponse:
    """`?preview=<token>&mode=popup|inline&host=plain|dark|busy&dir=&lang=`. It draws nothing until it is told what."""
    asked = request.GET
    try:
        page = previews.read_preview(asked.get("preview", ""))
        snapshot = served_here(request, await previews.find(page))
        require(decide_widget(snapshot, datetime.now(UTC)))
    except Refused as refused:
        return page_response(*render_refusal(refused.code, full_page=True))
    nonce = secrets.token_urlsafe(16)
    passed = {name: asked[name] for name in ("preview", "lang", "dir") if asked.get(name)}
    boot = {
        "dashboard": page.origin,
        "mode": asked["mode"] if asked.get("mode") in MODES else MODES[0],
        "loader": get_asset("preview-loader.js").path,
        "frame": urlencode(passed),  # goes onto the frame's address
    }
    html = render_to_string(
        "embed/preview_host.html",
        {
            "nonce": nonce,
            "boot": script_json(boot).decode(),
            "mode": boot["mode"],
            "host": asked["host"] if asked.get("host") in PAGES else PAGES[0],
            "lang": asked.get("lang") or "en",
            "dir": asked["dir"] if asked.get("dir") in ("ltr", "rtl") else "ltr",
            "style": get_asset("preview-host.css").path,
            "script": get_asset("preview-host.js").path,
        },
    )
    return page_response(html.encode(), _policy(nonce, page.origin))


def _policy(nonce: str, dashboard: str | None) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'self'; style-src 'self'; img-src 'self' data: https:; "
        f"frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {dashboard}"
    )
