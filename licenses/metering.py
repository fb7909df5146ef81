"""Counting against a limit, exactly, whoever else is counting.

A day is a UTC day; a month is the licence's own and begins on its anchor day, or on the last day of a shorter month.
"""

import calendar
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from accounts.services import record
from accounts.webhooks import emit
from licenses.entitlements import UNLIMITED, Metric
from licenses.models import License, QuotaWarning, UsageCounter

SOFT: Final = (75, 90, 100)  # percent of a limit at which its owners are told
DAILY: Final = frozenset({Metric.SESSIONS_DAY})
METERED: Final = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH, Metric.MESSAGES_MONTH)


class QuotaExceeded(Exception):
    def __init__(self, metric: Metric) -> None:
        super().__init__(metric.value)
        self.metric = metric


def period_start(metric: Metric, now: datetime, anchor_day: int) -> date:
    today = now.astimezone(UTC).date()
    if metric in DAILY:
        return today
    start = _anchored(today.year, today.month, anchor_day)
    before = today.replace(day=1) - timedelta(days=1)
    return start if start <= today else _anchored(before.year, before.month, anchor_day)


def resets_at(metric: Metric, now: datetime, anchor_day: int) -> datetime:
    """When the count begins anew."""
    start = period_start(metric, now, anchor_day)
    if metric in DAILY:
        following = start + timedelta(days=1)
    else:
        after = start.replace(day=1) + timedelta(days=32)
        following = _anchored(after.year, after.month, anchor_day)
    return datetime(following.year, following.month, following.day, tzinfo=UTC)


@transaction.atomic
def take(
    *, license_id: int, organization_id: int, anchor_day: int, limits: Mapping[Metric, int], now: datetime
) -> None:
    """Count one unit of every metric, or of none and raise QuotaExceeded.

    The condition stands in the UPDATE itself: reading first and writing then granted 1,012 of 1,000 to 16 threads.
    Whoever reaches a soft limit leaves a QuotaWarning; the mail is a task's (licenses.tasks).
    """
    for metric, limit in sorted(limits.items()):
        start = period_start(metric, now, anchor_day)
        used = _add_one(license_id, metric, start, limit)
        if used is None:
            counter = UsageCounter(
                license_id=license_id, organization_id=organization_id, metric=metric.value, period_start=start
            )
            UsageCounter.objects.bulk_create([counter], ignore_conflicts=True)
            used = _add_one(license_id, metric, start, limit)
        if used is None:
            raise QuotaExceeded(metric)
        for percent in reached(used, limit):
            _warn(license_id, metric, start=start, percent=percent, limit=limit, now=now)


def reached(used: int, limit: int) -> list[int]:
    """The soft limits that this very unit reached: with the one before, they were not."""
    if limit <= 0:
        return []
    return [percent for percent in SOFT if (used - 1) * 100 < percent * limit <= used * 100]


def used(*, license: License, metric: Metric, now: datetime) -> int:
    return used_of([license], [metric], now)[license.pk, metric]


def used_of(licenses: Collection[License], metrics: Collection[Metric], now: datetime) -> dict[tuple[int, Metric], int]:
    """(license pk, metric) → what is used in its running period, in one query."""
    wanted = [(license, metric) for license in licenses for metric in metrics]
    starts = {(license.pk, metric): period_start(metric, now, license.anchor_day) for license, metric in wanted}
    counters = UsageCounter.objects.filter(license__in=licenses, metric__in=metrics, period_start__in=starts.values())
    found = {(counter.license_id, counter.metric, counter.period_start): counter.used for counter in counters}
    return {(pk, metric): found.get((pk, metric, start), 0) for (pk, metric), start in starts.items()}


def carry_over(former: License, heir: License, *, metrics: Iterable[Metric], now: datetime) -> None:
    """What was used of the running periods goes with a licence to its new owner: moving it is no way to a new quota."""
    counters = [(metric, used(license=former, metric=metric, now=now)) for metric in metrics]
    UsageCounter.objects.bulk_create(
        UsageCounter(
            license=heir,
            organization_id=heir.organization_id,  # type: ignore[misc]  # a transferred licence has an owner
            metric=metric.value,
            period_start=period_start(metric, now, heir.anchor_day),
            used=count,
            carried=count,
        )
        for metric, count in counters
        if count
    )


# Django has no UPDATE … RETURNING; SQLite (3.35) and PostgreSQL both do.
_ADD_ONE: Final = """
UPDATE licenses_usagecounter SET used = used + 1
WHERE license_id = %s AND metric = %s AND period_start = %s AND (%s OR used < %s) RETURNING used
"""


def _add_one(license_id: int, metric: Metric, start: date, limit: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ONE, [license_id, metric.value, start, limit == UNLIMITED, limit])
        row = cursor.fetchone()
    return row[0] if row else None


def _warn(license_id: int, metric: Metric, *, start: date, percent: int, limit: int, now: datetime) -> None:
    license = License.objects.with_facts().get(pk=license_id)
    if license.organization is None:
        return
    _, is_new = QuotaWarning.objects.get_or_create(
        license=license,
        metric=metric.value,
        period_start=start,
        percent=percent,
        limit=limit,
        defaults={"organization": license.organization, "created_at": now},
    )
    if not is_new:
        return
    details: dict[str, Any] = {"metric": metric.value, "percent": percent, "limit": limit}
    record(
        action="license.quota_warning",
        actor=None,
        organization=license.organization,
        target=license.public_id,
        **details,
    )
    data = {"license": license.public_id, "organization": license.organization.public_id, **details}
    for organization in {o.pk: o for o in (license.organization, license.issuer) if o}.values():
        emit(organization=organization, type="license.quota_warning", data=data)


def _anchored(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
