"""Counters against the sessions that are there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import AuditEvent
from core.codes import Code
from embed.models import VisitorSession
from embed.reconcile import Drift, reconcile
from embed.sessions import Start, start
from embed.snapshot import SharedPool, load_snapshot
from embed.tasks import reconcile_counters
from embed.visitors import Refused
from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import used
from licenses.models import PoolCounter, UsageCounter
from licenses.services import create_customer, create_reseller, issue_license, transfer_license
from tests.build import make_license, make_organization, make_plan, make_widget
from widgets.models import Widget

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def widget() -> Widget:
    return make_widget(make_license(now=NOW - timedelta(days=60)))


def chat(widget: Widget, visitor: str, now: datetime = NOW, **wanted) -> VisitorSession:
    limits = {Metric.SESSIONS_DAY: UNLIMITED, Metric.SESSIONS_MONTH: UNLIMITED}
    facts = {"limits": limits, "anchor_day": widget.license.anchor_day, "pool": None} | wanted
    return start(
        Start(
            license_pk=widget.license_id,
            widget_pk=widget.pk,
            organization_pk=widget.organization_id,
            visitor=visitor,
            identified=False,
            origin="https://shop.test",
            evidence="referer",
            **facts,
        ),
        now=now,
    )


def test_counters_that_are_right_are_left_alone(widget):
    for visitor in ("alice", "bob"):
        chat(widget, visitor)
    chat(widget, "charlie", NOW - timedelta(days=40))

    assert reconcile(now=NOW) == []
    assert not AuditEvent.objects.filter(action="license.reconciled").exists()


def test_counter_follows_the_rows(widget):
    for visitor in ("alice", "bob"):
        chat(widget, visitor)
    UsageCounter.objects.filter(metric="sessions_month").update(used=9)
    UsageCounter.objects.filter(metric="sessions_day").delete()

    drifts = reconcile(now=NOW)

    own = widget.license.public_id
    assert drifts == [Drift(own, Metric.SESSIONS_DAY, 0, 2), Drift(own, Metric.SESSIONS_MONTH, 9, 2)]
    assert [used(license=widget.license, metric=metric, now=NOW) for metric in (d.metric for d in drifts)] == [2, 2]
    assert reconcile(now=NOW) == []
    event = AuditEvent.objects.filter(action="license.reconciled").first()
    assert (event.target, event.details["present"]) == (own, 2)


def test_visitor_who_is_counted_in_between_is_no_fault(widget):
    chat(widget, "alice")
    coming = list(UsageCounter.objects.filter(metric="sessions_day"))
    UsageCounter.objects.all().delete()

    def overtake(execute, sql, *rest):
        found = execute(sql, *rest)
        if sql.startswith('SELECT "licenses_usagecounter"') and coming:
            UsageCounter.objects.bulk_create([coming.pop()])
        return found

    with connection.execute_wrapper(overtake):
        drifts = reconcile(now=NOW)

    assert [(drift.metric, drift.counted) for drift in drifts] == [(Metric.SESSIONS_MONTH, 0)]


def test_what_a_former_owner_used_stays_counted(widget):
    chat(widget, "alice")
    heir = transfer_license(actor=None, license=widget.license, to=make_organization("Bob's"), now=NOW)
    chat(make_widget(heir), "bob")

    assert reconcile(now=NOW) == []
    assert used(license=heir, metric=Metric.SESSIONS_DAY, now=NOW) == 2


def test_licences_without_visitors_have_nothing_to_compare(widget):
    reconcile_counters()

    assert not UsageCounter.objects.exists()


def test_sessions_at_once_are_limited(widget):
    limits = {"limits": {Metric.SESSIONS_DAY: UNLIMITED, Metric.CONCURRENT_SESSIONS: 2}}
    for visitor in ("alice", "bob", "alice"):
        chat(widget, visitor, **limits)

    with pytest.raises(Refused) as raised:
        chat(widget, "charlie", **limits)

    assert raised.value.code == Code.QUOTA_EXCEEDED
    assert used(license=widget.license, metric=Metric.SESSIONS_DAY, now=NOW) == 2  # the refused one counts nowhere
    chat(widget, "charlie", NOW + timedelta(days=1), **limits)


def test_pool_in_which_usage_counts_is_shared(widget):
    agency = make_organization("Alice's agency", kind="reseller")
    pool = {"pool": SharedPool(agency.pk, 1)}
    chat(widget, "alice", **pool)

    with pytest.raises(Refused) as raised:
        chat(widget, "bob", **pool)

    assert raised.value.code == Code.QUOTA_EXCEEDED
    assert (PoolCounter.objects.get().used, VisitorSession.objects.count()) == (1, 1)


@pytest.mark.parametrize(("mode", "shared"), [("usage", True), ("reserve", False)])
def test_snapshot_knows_the_pool(mode, shared):
    plan = make_plan()
    pool = {"customers": 1, "licenses": 1, "widgets": -1, "domains": -1, "sessions_month": -1}
    account = create_reseller(actor=None, name="Agency", plan_codes=[plan.code], pool=pool, mode=mode)
    shop = create_customer(actor=None, reseller=account.organization, name="Bob's shop")
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=account.organization, now=NOW)
    widget = make_widget(license)

    snapshot = load_snapshot(license.public_id, widget.public_id)

    assert snapshot.anchor_day == 20
    assert snapshot.pool == (SharedPool(account.organization.pk, -1) if shared else None)
    assert snapshot.topics == (shop.public_id, account.organization.public_id)
