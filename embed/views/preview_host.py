"""A page to stand in for somebody's site, with the real loader in it: for the configurator, and for shared links."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode

from core.scriptjson import script_json
from embed import previews
from embed.admission import decide_widget, require
from embed.assets import get_asset
from embed.gate import served_here
from embed.public import public
from embed.views.pages import page_response, refusal_page
from embed.visitors import Refused

MODES, PAGES = ("popup", "inline"), ("plain", "dark", "busy")


@public("GET")
async def preview_host(request: HttpRequest) -> HttpResponse:
    """`?preview=<token>&mode=popup|inline&host=plain|dark|busy&dir=&lang=`. It draws nothing until it is told what."""
    asked = request.GET
    try:
        page = previews.read_preview(asked.get("preview", ""))
        look = previews.Look(asked.get("lang", ""), asked.get("dir", ""))
        snapshot = served_here(request, await previews.find(page, None, look))
        require(decide_widget(snapshot, datetime.now(UTC)))
    except Refused as refused:
        return refusal_page(refused.code, full_page=True)
    assert snapshot is not None and snapshot.show is not None  # noqa: S101, PT018 (decide_widget refused these)
    chat = snapshot.show.page().boot  # a site of its visitors' language is written as the chat is
    passed = {name: asked[name] for name in ("preview", "lang", "dir") if asked.get(name)}
    dashboard = page.origin or ""
    return host_page(
        {"dashboard": dashboard, "frame": urlencode(passed)},
        ancestors=dashboard,
        mode=asked["mode"] if asked.get("mode") in MODES else MODES[0],
        host=asked["host"] if asked.get("host") in PAGES else PAGES[0],
        lang=chat["lang"],
        dir=chat["dir"],
    )


def host_page(boot: dict[str, Any], *, ancestors: str, **shown: Any) -> HttpResponse:
    """boot: for static/preview/host.js, without what is the same everywhere; shown: mode, host, lang, dir, shared."""
    nonce = secrets.token_urlsafe(16)
    boot |= {"mode": shown["mode"], "loader": get_asset("preview-loader.js").path}
    html = render_to_string(
        "embed/preview_host.html",
        shown
        | {
            "nonce": nonce,
            "boot": script_json(boot).decode(),
            "style": get_asset("preview-host.css").path,
            "script": get_asset("preview-host.js").path,
        },
    )
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'self'; style-src 'self'; img-src 'self' data: https:; "
        f"frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    return page_response(html.encode(), policy)
