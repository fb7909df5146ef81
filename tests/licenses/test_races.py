"""However many act at once, a pool never hands out more than it holds, and a licence has one fate."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import Organization
from licenses.authority import Authority, Level, NotAllowed
from licenses.entitlements import Metric, PoolExceeded
from licenses.metering import QuotaExceeded, take
from licenses.models import License, Plan, QuotaWarning, UsageCounter
from licenses.services import (
    UnknownKey,
    claim_license,
    create_customer,
    issue_license,
    renew_license,
    set_overrides,
    set_pool,
    transfer_license,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
REFUSALS = (PoolExceeded, UnknownKey, NotAllowed, QuotaExceeded)


def race(deeds: list[Callable[[], object]]) -> list[bool]:
    """All at the same moment; whether each went through."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> bool:
        barrier.wait()
        try:
            deed()
        except REFUSALS:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_32_issues_never_exceed_the_pool(alice: Authority, agency: Organization, plan: Plan) -> None:
    set_pool(actor=None, reseller=agency, pool={"licenses": 7, "widgets": -1, "domains": -1, "sessions_month": -1})

    done = race([lambda: issue_license(actor=alice, plan=plan)] * 32)

    assert done.count(True) == License.objects.issued_by(agency).count() == 7


def test_every_kind_of_taking_waits_for_the_others(alice: Authority, agency: Organization, shop, plan: Plan) -> None:
    """Issues and overrides at once: the pool has six widgets, a licence takes two."""
    held = issue_license(actor=alice, plan=plan, organization=shop)
    widen = [lambda: set_overrides(actor=alice, license=held, limits={"widgets": 4})] * 8

    race([*widen, *[lambda: issue_license(actor=alice, plan=plan)] * 8])

    reserved = License.objects.issued_by(agency).values_list("reserved_widgets", flat=True)
    assert sum(reserved) == 6


def test_customers_never_exceed_the_pool(agency: Organization) -> None:
    done = race([lambda: create_customer(actor=None, reseller=agency, name="Shop")] * 16)

    assert done.count(True) == Organization.objects.filter(parent=agency).count() == 2


def test_licence_is_claimed_once(alice: Authority, agency: Organization, plan: Plan, now) -> None:
    key = issue_license(actor=alice, plan=plan).fresh_key.reveal()
    shops = [create_customer(actor=None, reseller=agency, name=name) for name in ("One", "Two")]
    claim = [
        lambda shop=shop: claim_license(actor=Authority(None, Level.SELF, shop), key=key, now=now) for shop in shops
    ]

    assert race(claim * 8).count(True) == 1


def test_licence_is_transferred_once(alice: Authority, agency: Organization, shop, plan: Plan, now) -> None:
    license = issue_license(actor=alice, plan=plan, organization=shop)
    second = create_customer(actor=None, reseller=agency, name="Second")

    done = race([lambda: transfer_license(actor=alice, license=license, to=second, now=now)] * 8)

    assert (done.count(True), License.objects.for_organization(second).count()) == (1, 1)


def test_renewal_with_one_key_counts_once(alice: Authority, shop, plan: Plan, now) -> None:
    license = issue_license(actor=alice, plan=plan, organization=shop, now=now)
    end = license.expires_at

    race([lambda: renew_license(actor=alice, license=license, idempotency_key="june", now=now, days=30)] * 16)

    license.refresh_from_db()
    assert (license.expires_at - end).days == 30


def test_quota_is_exact_and_each_warning_written_once(shop, plan: Plan, now) -> None:
    license = issue_license(actor=None, plan=plan, organization=shop, now=now)
    limits = {Metric.SESSIONS_DAY: 20, Metric.SESSIONS_MONTH: 100}
    one = {"license_id": license.pk, "organization_id": shop.pk, "anchor_day": 20, "limits": limits, "now": now}

    done = race([lambda: take(**one)] * 32)

    assert done.count(True) == 20
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {20}
    assert sorted(QuotaWarning.objects.values_list("percent", flat=True)) == [75, 90, 100]
