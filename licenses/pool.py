"""What a reseller has handed out, against what it may. Checked under a lock on its account, so racing issues wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from math import inf

from django.db import transaction
from django.db.models import Count, F, Q, Sum

from accounts.models import Organization
from licenses.entitlements import UNLIMITED, Metric, Pool, PoolExceeded, fits
from licenses.models import DomainRule, License, LicenseQuerySet, PoolCounter, ResellerAccount

POOLED = (Metric.WIDGETS, Metric.DOMAINS, Metric.SESSIONS_MONTH)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Numbers as in entitlements.Pool; -1: something unlimited was handed out."""

    customers: int
    licenses: int
    widgets: int
    domains: int
    sessions_month: int


def lock_account(reseller: Organization) -> ResellerAccount | None:
    return ResellerAccount.objects.select_for_update().filter(organization=reseller).first()


@contextmanager
def within_pool(issuer: Organization | None, *, now: datetime) -> Iterator[ResellerAccount | None]:
    """Around a change that may take out of a reseller's pool. Raises PoolExceeded, and undoes the change.

    What was over the limit before may shrink or stay: only growth is refused. Without an issuer, or with the platform
    itself, there is no pool.
    """
    with transaction.atomic():
        account = lock_account(issuer) if issuer and issuer.kind == Organization.Kind.RESELLER else None
        before = allocation(account, now=now) if account else None
        yield account
        if account and before:
            _require(before, allocation(account, now=now), account.limits())


def allocation(account: ResellerAccount, *, now: datetime) -> Allocation:
    """What counts against the pool now, by the account's mode. Three queries, whatever the number of licences."""
    held = License.objects.issued_by(account.organization).holding()
    customers = Organization.objects.filter(parent=account.organization).count()
    if account.mode == ResellerAccount.Mode.USAGE:
        return _used(account, held, customers, now)
    columns = {metric: f"reserved_{metric}" for metric in POOLED}
    sums = {metric.value: Sum(column, filter=Q(**{f"{column}__gte": 0})) for metric, column in columns.items()}
    open_ended = {f"{metric}_open": Count("pk", filter=Q(**{column: UNLIMITED})) for metric, column in columns.items()}
    found = held.aggregate(count=Count("pk"), **sums, **open_ended)
    reserved = {m.value: UNLIMITED if found[f"{m}_open"] else found[m.value] or 0 for m in POOLED}
    return Allocation(customers=customers, licenses=found["count"], **reserved)


def _used(account: ResellerAccount, held: LicenseQuerySet, customers: int, now: datetime) -> Allocation:
    counts = held.aggregate(
        licenses=Count("pk", distinct=True), widgets=Count("widgets", filter=Q(widgets__deleted_at=None))
    )
    month = PoolCounter.objects.filter(organization=account.organization, period_start=calendar_month(now))
    sessions = month.aggregate(used=Sum("used"))
    return Allocation(
        customers=customers,
        licenses=counts["licenses"],
        widgets=counts["widgets"],
        domains=DomainRule.objects.filter(license__in=held).count(),
        sessions_month=sessions["used"] or 0,
    )


def calendar_month(now: datetime) -> date:
    """Customers' own months differ; the pool's is the calendar's (UTC)."""
    return now.date().replace(day=1)


def take_session(*, reseller_id: int, limit: int, now: datetime) -> None:
    """Count one session against a pool in which usage counts. Raises PoolExceeded."""
    counter = {"organization_id": reseller_id, "period_start": calendar_month(now)}
    room = PoolCounter.objects.filter(**counter)
    if limit != UNLIMITED:
        room = room.filter(used__lt=limit)
    if room.update(used=F("used") + 1):
        return
    PoolCounter.objects.bulk_create([PoolCounter(**counter)], ignore_conflicts=True)
    if not room.update(used=F("used") + 1):
        raise PoolExceeded(Metric.SESSIONS_MONTH, limit)


def _require(before: Allocation, after: Allocation, pool: Pool) -> None:
    was = asdict(before)
    for name, count in asdict(after).items():
        limit = getattr(pool, name)
        if _size(count) > _size(was[name]) and not fits(count, limit):
            raise PoolExceeded(name, limit)


def _size(count: int) -> float:
    return inf if count == UNLIMITED else count
