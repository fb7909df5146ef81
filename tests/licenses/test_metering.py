from datetime import UTC, datetime

import pytest

from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import QuotaExceeded, take, used
from licenses.models import License
from tests.build import make_license

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
    license = make_license()
    spend(license, sessions_day=1, sessions_month=3)
    spend(license, now=NOON.replace(day=21), sessions_day=1, sessions_month=3)
    spend(license, now=NOON.replace(month=12), sessions_day=1, sessions_month=3)

    assert used(license=license, metric=Metric.SESSIONS_MONTH, now=NOON) == 2


def test_limit_of_an_unknown_metric_is_none() -> None:
    license = make_license()
    license.plan.limits.pop("widgets")

    assert license.limit(Metric.WIDGETS) == 0
    assert license.limit(Metric.DOMAINS) == UNLIMITED
