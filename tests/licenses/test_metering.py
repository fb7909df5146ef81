from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import QuotaExceeded, period_start, reached, resets_at, take, used
from licenses.models import License, QuotaWarning
from tests.build import make_license, make_organization

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def spend(license: License, now: datetime = NOON, **limits: int) -> None:
    metrics = {Metric(name): limit for name, limit in limits.items()}
    take(
        license_id=license.pk,
        organization_id=license.organization_id,  # type: ignore[arg-type]
        anchor_day=license.anchor_day,
        limits=metrics,
        now=now,
    )


def test_take_counts_all_or_nothing() -> None:
    license = make_license()
    spend(license, sessions_day=2, sessions_month=1)

    with pytest.raises(QuotaExceeded) as raised:
        spend(license, sessions_day=2, sessions_month=1)

    assert raised.value.metric is Metric.SESSIONS_MONTH
    assert used(license=license, metric=Metric.SESSIONS_DAY, now=NOON) == 1


def test_none_means_none_and_unlimited_means_unlimited() -> None:
    license = make_license()

    with pytest.raises(QuotaExceeded):
        spend(license, sessions_day=0)
    for _ in range(3):
        spend(license, messages_month=UNLIMITED)

    assert used(license=license, metric=Metric.MESSAGES_MONTH, now=NOON) == 3


def test_day_and_month_begin_anew() -> None:
    license = make_license(starts_at=NOON)  # else its months would begin on the day of the test, which may be the 21st
    spend(license, sessions_day=1, sessions_month=3)
    spend(license, now=NOON.replace(day=21), sessions_day=1, sessions_month=3)
    spend(license, now=NOON.replace(month=12), sessions_day=1, sessions_month=3)

    assert used(license=license, metric=Metric.SESSIONS_MONTH, now=NOON) == 2


def test_limit_of_an_unknown_metric_is_none() -> None:
    license = make_license()
    license.plan.limits.pop("widgets")

    assert license.limit(Metric.WIDGETS) == 0
    assert license.limit(Metric.DOMAINS) == UNLIMITED


@pytest.mark.parametrize(
    ("anchor", "today", "start", "reset"),
    [
        (1, "2026-11-20", "2026-11-01", "2026-12-01"),
        (20, "2026-11-20", "2026-11-20", "2026-12-20"),
        (21, "2026-11-20", "2026-10-21", "2026-11-21"),
        (31, "2026-11-20", "2026-10-31", "2026-11-30"),
        (31, "2026-11-30", "2026-11-30", "2026-12-31"),
        (31, "2027-02-27", "2027-01-31", "2027-02-28"),
        (31, "2027-02-28", "2027-02-28", "2027-03-31"),
        (30, "2028-02-29", "2028-02-29", "2028-03-30"),
        (29, "2028-02-28", "2028-01-29", "2028-02-29"),
        (15, "2027-01-10", "2026-12-15", "2027-01-15"),
        (31, "2026-12-31", "2026-12-31", "2027-01-31"),
    ],
)
def test_month_is_the_licences_own(anchor: int, today: str, start: str, reset: str) -> None:
    now = datetime.fromisoformat(f"{today}T12:00:00+00:00")

    assert period_start(Metric.SESSIONS_MONTH, now, anchor).isoformat() == start
    assert resets_at(Metric.SESSIONS_MONTH, now, anchor).isoformat() == f"{reset}T00:00:00+00:00"


@given(st.integers(1, 31), st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))
def test_months_follow_each_other_without_a_gap(anchor: int, now: datetime) -> None:
    start, reset = period_start(Metric.SESSIONS_MONTH, now, anchor), resets_at(Metric.SESSIONS_MONTH, now, anchor)

    assert start <= now.date() < reset.date()
    assert period_start(Metric.SESSIONS_MONTH, reset, anchor) == reset.date()
    assert period_start(Metric.SESSIONS_MONTH, reset - timedelta(seconds=1), anchor) == start


def test_day_is_the_utc_day() -> None:
    tokyo = datetime(2026, 11, 21, 8, 30, tzinfo=timezone(timedelta(hours=9)))

    assert period_start(Metric.SESSIONS_DAY, tokyo, 31) == date(2026, 11, 20)
    assert resets_at(Metric.SESSIONS_DAY, tokyo, 31) == datetime(2026, 11, 21, tzinfo=UTC)


def test_anchor_is_the_day_of_the_start_or_of_the_issue() -> None:
    license = make_license(now=NOON)
    started = make_license(make_organization("Bob's"), now=NOON, starts_at=NOON.replace(day=3))

    assert (license.anchor_day, started.anchor_day) == (20, 3)


@given(st.integers(1, 400))
def test_every_soft_limit_is_reached_by_exactly_one_unit(limit: int) -> None:
    reaching = [percent for used in range(1, limit + 1) for percent in reached(used, limit)]

    assert reaching == [75, 90, 100]


def test_soft_limits_are_told_once_and_in_the_period() -> None:
    license = make_license()
    for _ in range(4):
        spend(license, sessions_day=4)
    with pytest.raises(QuotaExceeded):
        spend(license, sessions_day=4)
    warnings = QuotaWarning.objects.order_by("percent").values_list("metric", "percent", "limit", "period_start")
    assert list(warnings) == [("sessions_day", percent, 4, NOON.date()) for percent in (75, 90, 100)]
    assert AuditEvent.objects.filter(action="license.quota_warning").count() == 3

    spend(license, sessions_day=8)  # the plan has grown: 5 of 8
    spend(license, sessions_day=8)  # 75 % again, of another limit
    assert QuotaWarning.objects.latest("pk").limit == 8
    assert QuotaWarning.objects.count() == 4
    spend(license, now=NOON + timedelta(days=1), sessions_day=1)
    assert QuotaWarning.objects.count() == 7


def test_without_a_limit_nobody_is_warned() -> None:
    spend(make_license(), sessions_day=UNLIMITED)

    assert not QuotaWarning.objects.exists()


def test_counting_takes_one_query_per_metric(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    license = make_license()
    spend(license, sessions_day=100, sessions_month=UNLIMITED)
    with django_assert_num_queries(4):  # and the savepoint
        spend(license, sessions_day=100, sessions_month=UNLIMITED)
