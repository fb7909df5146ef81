"""Admission of a call from the frame, with what must be counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

from core import ratelimit
from core.clientip import client_ip, ip_prefix
from core.codes import Code
from core.crypto import Secret, UnsealError
from core.db import in_db
from core.ids import is_id
from embed import previews, sessions
from embed.admission import Request, decide_request, decide_widget, require
from embed.snapshot import Show, Snapshot
from embed.snapshots import Unavailable, cache
from embed.visitors import Page, Refused, Visitor, mint_visitor, read_identity, read_page, read_visitor
from licenses import metering
from licenses.entitlements import Metric
from widgets import credentials


@dataclass(frozen=True, slots=True)
class Admission:
    """An admitted call. `headers` go onto the answer, whatever it is."""

    snapshot: Snapshot
    show: Show
    visitor: Visitor
    now: datetime
    headers: Mapping[str, str]
    is_test: bool = False  # from the configurator's preview

    def secret(self, kind: str) -> Secret:
        """Open a stored credential, the gate's last step. Raises Refused."""
        return _open(self.snapshot, kind)


async def admit(request: HttpRequest, *, widget_type: str) -> Admission:
    """Let a call from the frame in, starting the visitor's session when there is none. Raises Refused."""
    now = datetime.now(UTC)
    claims = _claims(request)
    is_test = isinstance(claims.page, Page) and claims.page.is_preview
    snapshot = await _snapshot(request, claims, widget_type)
    require(decide_widget(snapshot, now))
    assert snapshot is not None and snapshot.show is not None  # noqa: S101, PT018 (decide_widget refused these)
    require(decide_request(snapshot, claims, settings.EMBED_URL))
    # A test's visitor is nobody outside the preview: the token of one cannot stand for a session that was counted.
    scope = f"preview|{snapshot.widget_id}" if is_test else snapshot.widget_id
    visitor = _visitor(request, snapshot, scope)
    await _slow_down(request, snapshot, visitor)
    if visitor.has_session:
        return Admission(snapshot, snapshot.show, visitor, now, {}, is_test)
    visitor = await _start(claims, snapshot, visitor, now)
    headers = {"X-Chatdock-Visitor": mint_visitor(scope, visitor)}
    return Admission(snapshot, snapshot.show, visitor, now, headers, is_test)


async def _snapshot(request: HttpRequest, claims: Request, widget_type: str) -> Snapshot | None:
    page = claims.page
    if isinstance(page, Page) and page.is_preview:
        return await previews.find(page, widget_type)
    return await find(*_named(request), widget_type=widget_type)


async def find(license_id: str, widget_id: str, *, widget_type: str | None = None) -> Snapshot | None:
    """The widget under these public ids, when it exists and is of this type."""
    if not is_id("lic", license_id) or (widget_id and not is_id("wgt", widget_id)):
        return None
    try:
        snapshot = await cache.get(license_id, widget_id)
    except Unavailable:
        raise Refused(Code.INTERNAL) from None
    return snapshot if snapshot and widget_type in (None, snapshot.type.id) else None


async def spend(admission: Admission, metric: Metric) -> None:
    """Count one unit of a metric of the licence. Raises Refused(QUOTA_EXCEEDED)."""
    snapshot = admission.snapshot
    if admission.is_test:
        return
    try:
        await in_db(
            metering.take,
            license_id=snapshot.license_pk,
            organization_id=snapshot.organization_pk or 0,
            limits={metric: snapshot.limits[metric]},
            now=admission.now,
        )
    except metering.QuotaExceeded:
        raise Refused(Code.QUOTA_EXCEEDED) from None


def _named(request: HttpRequest) -> tuple[str, str]:
    license_id, _, widget_id = request.headers.get("X-Chatdock-Widget", "").partition("/")
    return license_id, widget_id or "-"


def _claims(request: HttpRequest) -> Request:
    headers = request.headers
    try:
        page = read_page(headers.get("X-Chatdock-Page", ""))
    except Refused as refused:
        return Request(refused.code, headers.get("Origin"), headers.get("Sec-Fetch-Site"), None)
    return Request(page, headers.get("Origin"), headers.get("Sec-Fetch-Site"), headers.get("X-Chatdock-Origin"))


def _visitor(request: HttpRequest, snapshot: Snapshot, scope: str) -> Visitor:
    mode = snapshot.show.configuration.visitors.identity if snapshot.show else "off"
    token = request.headers.get("X-Chatdock-Identity", "")
    subject = None
    if mode != "off" and token:
        subject = read_identity(token, secret=_open(snapshot, "identity_secret"), widget_id=snapshot.widget_id)
    if mode == "required" and subject is None:
        raise Refused(Code.IDENTITY_REQUIRED)
    return read_visitor(scope, request.headers.get("X-Chatdock-Visitor", ""), subject)


async def _slow_down(request: HttpRequest, snapshot: Snapshot, visitor: Visitor) -> None:
    keys = {
        "visitor": visitor.key,
        "ip": ip_prefix(client_ip(request.META)),
        "widget": snapshot.widget_id,
        "license": snapshot.license_id,
    }
    limits = [ratelimit.Limit(f"{name}:{key}", *settings.RATE_LIMITS[name]) for name, key in keys.items()]
    wait = await ratelimit.hit(limits)
    if wait is not None:
        raise Refused(Code.RATE_LIMITED, retry_after=wait)


async def _start(claims: Request, snapshot: Snapshot, visitor: Visitor, now: datetime) -> Visitor:
    page = claims.page
    assert not isinstance(page, Code)  # noqa: S101 (decide_request refused these)
    started = await in_db(
        sessions.start,
        sessions.Start(
            license_pk=snapshot.license_pk,
            widget_pk=snapshot.widget_pk,
            organization_pk=snapshot.organization_pk or 0,
            limits={metric: snapshot.limits[metric] for metric in (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH)},
            visitor=visitor.key,
            identified=visitor.identified,
            origin=page.origin or claims.claimed_origin or "",
            evidence=page.evidence,
            is_test=page.is_preview,
        ),
        now=now,
    )
    return replace(
        visitor, session_id=started.public_id, session_pk=started.pk, session_ends=started.expires_at.timestamp()
    )


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
