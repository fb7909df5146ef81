"""Starting a visitor's session: the moment at which a licence counts."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from core.codes import Code
from embed.models import VisitorSession
from embed.snapshot import SharedPool
from embed.visitors import Refused
from licenses import metering
from licenses.entitlements import UNLIMITED, Metric, PoolExceeded
from licenses.pool import take_session


@dataclass(frozen=True, slots=True)
class Start:
    license_pk: int
    widget_pk: int
    organization_pk: int
    limits: Mapping[Metric, int]  # of sessions_day, sessions_month and concurrent_sessions
    anchor_day: int
    pool: SharedPool | None
    visitor: str
    identified: bool
    origin: str
    evidence: str
    is_test: bool = False


def start(wanted: Start, *, now: datetime) -> VisitorSession:
    """The visitor's running session in the widget, or a new one that is counted.

    Two tabs that start at once share one session: the loser of the unique ordinal counts nothing and reads the
    winner's. Raises Refused: QUOTA_EXCEEDED; WIDGET_NOT_FOUND when the widget was deleted a moment ago.
    """
    with suppress(IntegrityError):
        return _start(wanted, now)
    try:
        return _start(wanted, now)
    except IntegrityError:
        raise Refused(Code.WIDGET_NOT_FOUND) from None


@transaction.atomic
def _start(wanted: Start, now: datetime) -> VisitorSession:
    last = (
        VisitorSession.objects.filter(widget_id=wanted.widget_pk, visitor=wanted.visitor).order_by("-ordinal").first()
    )
    if last and last.expires_at > now:
        return last
    if not wanted.is_test:
        _count(wanted, now)
    return VisitorSession.objects.create(
        organization_id=wanted.organization_pk,
        license_id=wanted.license_pk,
        widget_id=wanted.widget_pk,
        visitor=wanted.visitor,
        ordinal=last.ordinal + 1 if last else 1,
        origin=wanted.origin[:280],
        evidence=wanted.evidence,
        identified=wanted.identified,
        is_test=wanted.is_test,
        started_at=now,
        expires_at=now + timedelta(seconds=settings.VISITOR_SESSION_SECONDS),
    )


def _count(wanted: Start, now: datetime) -> None:
    """The licence's counters first: whoever updates them holds their lock, so the running sessions count exactly."""
    limits = dict(wanted.limits)
    concurrent = limits.pop(Metric.CONCURRENT_SESSIONS, UNLIMITED)
    try:
        metering.take(
            license_id=wanted.license_pk,
            organization_id=wanted.organization_pk,
            anchor_day=wanted.anchor_day,
            limits=limits,
            now=now,
        )
        if wanted.pool:
            take_session(reseller_id=wanted.pool.reseller_pk, limit=wanted.pool.sessions_month, now=now)
    except (metering.QuotaExceeded, PoolExceeded):
        raise Refused(Code.QUOTA_EXCEEDED) from None
    if concurrent != UNLIMITED and VisitorSession.objects.running(wanted.license_pk, now).count() >= concurrent:
        raise Refused(Code.QUOTA_EXCEEDED)
