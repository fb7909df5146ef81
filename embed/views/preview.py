"""The frame page of a draft."""

from dataclasses import replace
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from core.hosts import embed_origin
from embed import previews
from embed.admission import decide_widget, require
from embed.frames import content_security_policy
from embed.gate import served_here
from embed.public import public
from embed.views.pages import page_response, refusal_page
from embed.visitors import Refused, mint_page


async def preview_page(request: HttpRequest, widget_type: str) -> HttpResponse:
    """In the configurator, or by a shared link; `?page=1` as the full-page chat. No other site may frame it."""
    look = previews.Look(request.GET.get("lang", ""), request.GET.get("dir", ""))
    full_page = request.GET.get("page") == "1"
    return await _draft(request, request.GET["preview"], widget_type, look, full_page=full_page)


@public("POST")
async def trial_page(request: HttpRequest) -> HttpResponse:
    """The form `preview`, `trial`: a full-page chat with what is typed on the Connection page and not saved.

    A form, so that neither token stands in an address.
    """
    sent = request.POST
    return await _draft(request, sent.get("preview", ""), None, None, full_page=True, trial=sent.get("trial", ""))


async def _draft(
    request: HttpRequest,
    token: str,
    widget_type: str | None,
    look: previews.Look | None,
    *,
    full_page: bool,
    trial: str = "",
) -> HttpResponse:
    try:
        page = replace(previews.read_preview(token), trial=trial)
        snapshot = served_here(request, await previews.find(page, widget_type, look))
        require(decide_widget(snapshot, datetime.now(UTC)))
    except Refused as refused:
        return refusal_page(refused.code, full_page=full_page)
    assert snapshot is not None and snapshot.show is not None  # noqa: S101, PT018 (decide_widget refused these)
    shown, own = snapshot.show.page(), embed_origin(request)
    configurator = None if page.link or page.version or trial else page.origin
    html, nonce = shown.render(
        page_token=mint_page(page),
        parent_origin=own,
        full_page=full_page,
        preview=not page.link,
        configurator=configurator,
    )
    policy = shown.open_policy if configurator else shown.policy
    ancestors = own if page.link else f"{own} {page.origin}"
    return page_response(html, content_security_policy(policy, nonce, ancestors))
