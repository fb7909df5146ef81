"""Admission of a call from the frame, with what must be counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from analytics import origins
from core import ratelimit
from core.clientip import client_ip, ip_prefix
from core.codes import Code
from core.crypto import Secret, UnsealError
from core.hosts import embed_origin, own_host
from core.http import receive_body
from core.ids import is_id
from core.ratelimit import Limit
from embed import previews, sessions
from embed.admission import UNLISTED, Request, decide_request, decide_widget, require
from embed.database import Unavailable, ask
from embed.snapshot import Show, Snapshot
from embed.snapshots import cache
from embed.visitors import Page, Refused, Visitor, mint_visitor, read_identity, read_page, read_visitor
from licenses import metering
from licenses.entitlements import Metric
from widgets import credentials

log = logging.getLogger(__name__)
_SESSIONS = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH, Metric.CONCURRENT_SESSIONS)


@dataclass(frozen=True, slots=True)
class Admission:
    """An admitted call."""

    snapshot: Snapshot
    show: Show
    visitor: Visitor
    site: str  # the origin of the page around the chat; "" on a page of its own
    now: datetime
    is_test: bool = False  # from a preview
    link: str = ""  # by which that was opened
    body: Any = None  # what `read` made of the request's

    @property
    def caller(self) -> str:
        """Who calls upstream, for circuit breakers: what fails while an admin tries things pauses no visitor's chat."""
        return f"test:{self.snapshot.widget_id}" if self.is_test else self.snapshot.widget_id

    def secret(self, kind: str) -> Secret:
        """Open a stored credential, the gate's last step. Raises Refused."""
        return _open(self.snapshot, kind)


async def admit(
    request: HttpRequest, *, widget_type: str, read: Callable[[HttpRequest], Any] | None = None
) -> Admission:
    """Let a call from the frame in, starting the visitor's session when there is none. Raises Refused, BadRequest.

    `read` makes sense of the body. An upload travels only once nothing cheap speaks against the call, and nonsense
    starts no session.
    A new session's token goes onto the answer, whatever comes of the call: without it the next try would count again.
    """
    now = datetime.now(UTC)
    claims = _claims(request)
    is_test = isinstance(claims.page, Page) and claims.page.is_preview
    snapshot = await _snapshot(request, claims, widget_type)
    require(decide_widget(snapshot, now))
    assert snapshot is not None and snapshot.show is not None  # noqa: S101, PT018 (decide_widget refused these)
    refusal = decide_request(snapshot, claims, embed_origin(request))
    if refusal in UNLISTED:
        await _note_site(request, snapshot, claims)
    require(refusal)
    # A test's visitor is nobody outside the preview: the token of one cannot stand for a session that was counted.
    scope = f"preview|{snapshot.widget_id}" if is_test else snapshot.widget_id
    visitor = _visitor(request, snapshot, scope)
    link = claims.page.link if isinstance(claims.page, Page) else ""
    await _slow_down(request, snapshot, visitor, link, prefix="test:" if is_test else "")
    body = None
    if read is not None:
        await receive_body(request)
        body = read(request)
    if not visitor.has_session:
        visitor = await _start(snapshot, visitor, claims, now)
        request.visitor_token = mint_visitor(scope, visitor)  # type: ignore[attr-defined]
    return Admission(snapshot, snapshot.show, visitor, _site(claims), now, is_test, link, body)


async def _snapshot(request: HttpRequest, claims: Request, widget_type: str) -> Snapshot | None:
    page = claims.page
    if isinstance(page, Page) and page.is_preview:
        return served_here(request, await previews.find(page, widget_type))
    return await find(request, *_named(request), widget_type=widget_type)


async def find(
    request: HttpRequest, license_id: str, widget_id: str, *, widget_type: str | None = None
) -> Snapshot | None:
    """The widget under these public ids, when it exists and is of this type."""
    if not is_id("lic", license_id) or (widget_id and not is_id("wgt", widget_id)):
        return None
    if not cache.knows(license_id, widget_id):  # made-up ids must not become a query each
        await _hit(Limit(f"lookup:{_address(request)}", *settings.RATE_LIMITS["lookup"]))
    try:
        snapshot = await cache.get(license_id, widget_id)
    except Unavailable:
        raise Refused(Code.UNAVAILABLE) from None
    return served_here(request, snapshot) if snapshot and widget_type in (None, snapshot.type.id) else None


def served_here(request: HttpRequest, snapshot: Snapshot | None) -> Snapshot | None:
    """On a reseller's host there are the chats of its customers, and no others."""
    own = own_host(request)
    return None if own and snapshot and snapshot.reseller_pk != own.owner else snapshot


async def spend(admission: Admission, metric: Metric) -> None:
    """Count one unit of a metric of the licence; of a test, only where a shared link lets anybody in. Raises Refused:
    QUOTA_EXCEEDED, RATE_LIMITED.

    While the database is away nothing can be counted; chats that run go on, as fast as the rate limits let them.
    """
    snapshot = admission.snapshot
    if admission.link:
        await _hit(Limit(f"shared_messages:{admission.link}", *settings.RATE_LIMITS["shared_messages"]))
    if admission.is_test:
        return
    try:
        await ask(
            metering.take,
            license_id=snapshot.license_pk,
            organization_id=snapshot.organization_pk or 0,
            anchor_day=snapshot.anchor_day,
            limits={metric: snapshot.limits[metric]},
            now=admission.now,
        )
    except metering.QuotaExceeded:
        raise Refused(Code.QUOTA_EXCEEDED) from None
    except Unavailable:
        log.warning("One of %s of %s was not counted", metric.value, snapshot.license_id)


def _named(request: HttpRequest) -> tuple[str, str]:
    license_id, _, widget_id = request.META.get("HTTP_X_CHATDOCK_WIDGET", "").partition("/")
    return license_id, widget_id or "-"


def _claims(request: HttpRequest) -> Request:
    meta = request.META  # request.headers makes a mapping of them all first
    page: Page | Code
    try:
        page = read_page(meta.get("HTTP_X_CHATDOCK_PAGE", ""))
    except Refused as refused:
        page = refused.code
    return Request(
        page,
        origin_header=meta.get("HTTP_ORIGIN"),
        fetch_site=meta.get("HTTP_SEC_FETCH_SITE"),
        claimed_origin=meta.get("HTTP_X_CHATDOCK_ORIGIN"),
    )


def _visitor(request: HttpRequest, snapshot: Snapshot, scope: str) -> Visitor:
    mode = snapshot.show.configuration.visitors.identity if snapshot.show else "off"
    token = request.META.get("HTTP_X_CHATDOCK_IDENTITY", "")
    subject = None
    if mode != "off" and token:
        subject = read_identity(token, secret=_open(snapshot, "identity_secret"), widget_id=snapshot.widget_id)
    if mode == "required" and subject is None:
        raise Refused(Code.IDENTITY_REQUIRED)
    return read_visitor(scope, request.META.get("HTTP_X_CHATDOCK_VISITOR", ""), subject)


def _site(claims: Request) -> str:
    """What the frame says counts only where the browser did not tell us."""
    page = claims.page
    assert not isinstance(page, Code)  # noqa: S101 (decide_request refused these)
    told = {"referer": page.origin, "none": claims.claimed_origin}
    return told.get(page.evidence) or ""


async def _note_site(request: HttpRequest, snapshot: Snapshot, claims: Request) -> None:
    """For the owner's list of refused websites. Anybody may claim any: few are taken from one address."""
    limit = Limit(f"claims:{_address(request)}", *settings.RATE_LIMITS["claims"])
    if await ratelimit.hit([limit]) is None:
        origins.refused(snapshot.organization_pk or 0, snapshot.license_pk, _site(claims))


async def _slow_down(request: HttpRequest, snapshot: Snapshot, visitor: Visitor, link: str, *, prefix: str) -> None:
    """prefix: tests are slowed down too, among themselves. link: the shared one of a test."""
    address = _address(request)
    keys = {
        "visitor": visitor.key,
        "ip": address,
        "widget": snapshot.widget_id,
        "license": snapshot.license_id,
    }
    if not visitor.has_session:  # one address must not use up a plan
        keys["start"] = f"{snapshot.license_id}:{address}"
        keys |= {"shared": link} if link else {}
    rates = settings.RATE_LIMITS
    await _hit(*(Limit(f"{prefix}{name}:{key}", *rates[name]) for name, key in keys.items()))


async def _hit(*limits: Limit) -> None:
    wait = await ratelimit.hit(limits)
    if wait is not None:
        raise Refused(Code.RATE_LIMITED, retry_after=wait)


def _address(request: HttpRequest) -> str:
    return ip_prefix(client_ip(request.META))


async def _start(snapshot: Snapshot, visitor: Visitor, claims: Request, now: datetime) -> Visitor:
    page = claims.page
    assert not isinstance(page, Code)  # noqa: S101 (decide_request refused these)
    wanted = sessions.Start(
        license_pk=snapshot.license_pk,
        widget_pk=snapshot.widget_pk,
        organization_pk=snapshot.organization_pk or 0,
        limits={metric: snapshot.limits[metric] for metric in _SESSIONS},
        anchor_day=snapshot.anchor_day,
        pool=snapshot.pool,
        visitor=visitor.key,
        identified=visitor.identified,
        origin=_site(claims),
        evidence=page.evidence,
        is_test=page.is_preview,
    )
    try:
        started = await ask(sessions.start, wanted, now=now)
    except Unavailable:
        raise Refused(Code.UNAVAILABLE) from None
    return replace(visitor, session_pk=started.pk, session_ends=started.expires_at.timestamp())


def _open(snapshot: Snapshot, kind: str) -> Secret:
    stored = snapshot.credentials.get(kind)
    if stored is None:
        raise Refused(Code.CREDENTIAL_MISSING)
    try:
        return credentials.reveal(
            sealed=stored.sealed,
            organization_id=snapshot.organization_pk or 0,
            public_id=stored.public_id,
            kind=kind,
        )
    except UnsealError:
        raise Refused(Code.CREDENTIAL_UNREADABLE) from None
