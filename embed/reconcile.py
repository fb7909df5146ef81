"""Compares what a licence's counters say with the sessions that are there, and puts the counters right.

They are written in one transaction, so a difference is a fault or a restored backup; either is worth a line in the log.
Only periods that still run are compared: the rows of older ones may have been deleted.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from accounts.services import record
from core import bus
from embed.models import VisitorSession
from licenses.entitlements import Metric
from licenses.metering import period_start
from licenses.models import License, UsageCounter

log = logging.getLogger(__name__)

_METRICS = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH)
_LONGEST = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Drift:
    license: str
    metric: Metric
    counted: int
    present: int


def reconcile(*, now: datetime) -> list[Drift]:
    """What differed, and no longer does."""
    since = now.date() - _LONGEST
    counted = UsageCounter.objects.filter(metric__in=_METRICS, period_start__gte=since).order_by().values("license_id")
    chatted = VisitorSession.objects.counted().filter(started_at__gte=now - _LONGEST).order_by().values("license_id")
    licenses = License.objects.with_facts().filter(pk__in=counted.union(chatted))
    found = (_compare(license, metric, now) for license in licenses.iterator(chunk_size=500) for metric in _METRICS)
    return [drift for drift in found if drift]


@transaction.atomic
def _compare(license: License, metric: Metric, now: datetime) -> Drift | None:
    """Under the counter's lock, under which sessions are started: nobody starts one in between."""
    start = period_start(metric, now, license.anchor_day)
    mine = UsageCounter.objects.filter(license=license, metric=metric, period_start=start)
    locked = mine.select_for_update(of=("self",))
    sessions = VisitorSession.objects.counted().filter(license=license, started_at__gte=_midnight(start))
    counter = locked.first()
    if counter is None and license.organization_id is not None and sessions.exists():
        missing = UsageCounter(
            license=license, organization_id=license.organization_id, metric=metric, period_start=start
        )
        UsageCounter.objects.bulk_create([missing], ignore_conflicts=True)  # a visitor may be first
        counter = locked.first()
    if counter is None:
        return None
    present = sessions.count() + counter.carried
    if counter.used == present:
        return None
    mine.update(used=present)
    return _told(license, Drift(license.public_id, metric, counter.used, present))


def _told(license: License, drift: Drift) -> Drift:
    log.warning(
        "Licence %s counted %s %s, %s are there.", drift.license, drift.counted, drift.metric.value, drift.present
    )
    record(
        action="license.reconciled",
        actor=None,
        organization=license.organization,
        target=license.public_id,
        metric=drift.metric.value,
        counted=drift.counted,
        present=drift.present,
    )
    transaction.on_commit(lambda: bus.publish(license.public_id))
    return drift


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
