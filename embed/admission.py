"""The one gate. Every frame and every session passes it, in this order; the first failure wins.

widget found → enabled → licence state → entitlement → page token → own-origin request → domain → identity → rate →
quota → credential. The licence's state comes before the domain, so that a dead licence tells nobody which sites it was
for. What needs no input or output is decided here; rate and quota are counted by `admit`; the credential is opened by
the call that uses it.
"""

from dataclasses import dataclass
from datetime import datetime

from core.codes import Code
from embed.snapshot import Snapshot
from embed.visitors import Page, Refused
from licenses.states import refusal

UNLISTED = (Code.DOMAIN_NOT_ALLOWED, Code.DOMAIN_LIST_EMPTY)  # what the owner may want to change


@dataclass(frozen=True, slots=True)
class Request:
    """What a request claims and what the browser attests."""

    page: Page | Code  # or why the page token is no good
    origin_header: str | None
    fetch_site: str | None
    claimed_origin: str | None  # the handshake's origin, as the frame says


def decide_widget(snapshot: Snapshot | None, now: datetime) -> Code | None:
    """The part of the gate that the loader and the frame page share."""
    if snapshot is None:
        return Code.WIDGET_NOT_FOUND
    if not snapshot.enabled:
        return Code.WIDGET_DISABLED
    stopped = refusal(snapshot.facts, now)
    if stopped:
        return stopped
    if not snapshot.entitled:
        return Code.ENTITLEMENT_MISSING
    return snapshot.broken


def decide_request(snapshot: Snapshot, request: Request, own_origin: str) -> Code | None:
    """Page token, own origin, domain."""
    page = request.page
    if isinstance(page, Code):
        return page
    if (page.license_id, page.widget_id) != (snapshot.license_id, snapshot.widget_id):
        return Code.TOKEN_WIDGET_MISMATCH
    if request.origin_header != own_origin or request.fetch_site not in (None, "same-origin"):
        return Code.REQUEST_NOT_SAME_ORIGIN
    return decide_domain(snapshot, page, request.claimed_origin)


def decide_domain(snapshot: Snapshot, page: Page, claimed_origin: str | None) -> Code | None:
    """The site's own right to show the chat, again on every session: rules change while pages stay open."""
    if page.evidence in ("page", "dashboard", "preview"):
        return None
    return snapshot.rules.check(page.origin or claimed_origin)


def require(code: Code | None) -> None:
    if code is not None:
        raise Refused(code)
