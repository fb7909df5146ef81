from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from analytics import origins
from core.hosts import embed_origin
from embed.admission import UNLISTED, decide_domain, decide_widget, require
from embed.frames import content_security_policy
from embed.gate import find
from embed.public import public
from embed.snapshot import Snapshot
from embed.views.loader import words
from embed.views.pages import page_response, refusal_page
from embed.views.preview import preview_page
from embed.visitors import Page, Refused, mint_page
from licenses.domains import origin_of_referer


@public("GET", "HEAD")
async def frame(request: HttpRequest, widget_type: str, license_id: str) -> HttpResponse:
    """The chat's page. In an iframe the site must be allowed; opened on its own it is the full-page chat.

    The Referer of this navigation is the only header that names the embedding site;
    `frame-ancestors` makes the browser check the whole chain, also where the Referer is missing.
    """
    if "words" in request.GET:  # of the loader, which knows this address only
        return await words(request, license_id)
    if "preview" in request.GET:
        return await preview_page(request, widget_type)
    full_page = request.headers.get("Sec-Fetch-Dest") == "document"
    try:
        snapshot = await find(request, license_id, request.GET.get("widget", ""), widget_type=widget_type)
        require(decide_widget(snapshot, datetime.now(UTC)))
        assert snapshot is not None  # noqa: S101 (decide_widget refused it)
        page = _page(request, snapshot, full_page=full_page)
        _check_domain(snapshot, page)
    except Refused as refused:
        return refusal_page(refused.code, full_page=full_page)
    return _chat(snapshot, page, full_page=full_page, language=_wanted(request))


def _wanted(request: HttpRequest) -> str:
    """The loader says which language; a chat that is opened without it goes by the browser's."""
    return request.GET.get("lang") or request.headers.get("Accept-Language", "")


def _check_domain(snapshot: Snapshot, page: Page) -> None:
    """Without a Referer, frame-ancestors and the session's own check decide. Raises Refused.

    The owner reads on which websites the chat is, and which ones were refused.
    """
    if page.evidence != "referer":
        return
    code, origin, organization = decide_domain(snapshot, page, None), page.origin or "", snapshot.organization_pk or 0
    if code in UNLISTED:
        origins.refused(organization, snapshot.license_pk, origin)
    require(code)
    if snapshot.show:
        origins.loaded(organization, snapshot.widget_pk, origin, snapshot.show.version)


def _page(request: HttpRequest, snapshot: Snapshot, *, full_page: bool) -> Page:
    referer = None if full_page else origin_of_referer(request.headers.get("Referer"))
    if full_page:
        origin, evidence = None, "page"
    elif referer is None or referer == embed_origin(request):  # our own: the frame reloaded itself
        origin, evidence = None, "none"
    elif referer in snapshot.dashboards:
        origin, evidence = referer, "dashboard"
    else:
        origin, evidence = referer, "referer"
    return Page(snapshot.license_id, snapshot.widget_id, origin, evidence)


def _chat(snapshot: Snapshot, page: Page, *, full_page: bool, language: str) -> HttpResponse:
    assert snapshot.show is not None  # noqa: S101 (decide_widget refused it)
    shown = snapshot.show.page(language)
    html, nonce = shown.render(
        page_token=mint_page(page),
        parent_origin=page.origin,
        full_page=full_page,
        preview=page.evidence == "dashboard",
    )
    ancestors = snapshot.rules.frame_ancestors(list(snapshot.dashboards), page.origin)
    return page_response(html, content_security_policy(shown.policy, nonce, ancestors))
