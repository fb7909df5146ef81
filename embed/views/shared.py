"""A draft for whoever has a link to it (widgets/sharing.py)."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode

from core.codes import Code
from core.hosts import embed_origin
from embed import previews
from embed.admission import decide_widget, require
from embed.assets import get_asset
from embed.database import Unavailable, ask
from embed.gate import served_here
from embed.loader import bake
from embed.loader_config import loader_config
from embed.public import public
from embed.snapshot import Snapshot
from embed.views.pages import page_response, refusal_page
from embed.views.preview_host import host_page
from embed.visitors import Refused
from widgets.models import PreviewLink
from widgets.sharing import find_link


@public("GET", "HEAD")
async def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The stand-in page with the chat of the draft as it is now. Links that are made up, expired or revoked all get the
    same page."""
    response = await _shared(request, token)
    response["X-Robots-Tag"] = "noindex"
    return response


async def _shared(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = await ask(find_link, token, datetime.now(UTC))
        if link is None:
            return _over()
        preview = previews.mint_preview(
            license_id=link.widget.license.public_id, widget_id=link.widget.public_id, link=link.public_id
        )
        snapshot = served_here(request, await previews.find(previews.read_preview(preview)))
        require(decide_widget(snapshot, datetime.now(UTC)))
    except Unavailable:
        return refusal_page(Code.UNAVAILABLE, full_page=True)
    except Refused as refused:
        return refusal_page(refused.code, full_page=True)
    assert snapshot is not None  # noqa: S101 (decide_widget refused it)
    return _host(link, snapshot, preview, embed_origin(request))


def _host(link: PreviewLink, snapshot: Snapshot, preview: str, embed: str) -> HttpResponse:
    assert snapshot.show is not None  # noqa: S101 (decide_widget refused it)
    config = bake(loader_config(snapshot.license_id, link.widget, snapshot.show.configuration, embed=embed))
    boot: dict[str, Any] = {"dashboard": None, "frame": urlencode({"preview": preview}), "config": config}
    page = snapshot.show.page().boot
    return host_page(
        boot, ancestors="'none'", mode="popup", host="plain", lang=page["lang"], dir=page["dir"], shared=True
    )


def _over() -> HttpResponse:
    html = render_to_string("embed/shared_over.html", {"style": get_asset("frame.css").path})
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return page_response(html.encode(), policy, status=404)
