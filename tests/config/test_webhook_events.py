"""Every event that is on the list is really told, and comes with what its description shows."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.events import EVENTS
from accounts.models import WebhookDelivery
from accounts.webhooks import create_endpoint, send_test
from licenses import services as licenses
from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.models import License
from licenses.reminders import note_due
from tests.api import POOL, make_plan_with_api
from tests.build import make_widget
from widgets import services as widgets
from widgets.models import Widget
from widgets.planning import cancel_plan, plan_publication, publish_due

pytestmark = pytest.mark.django_db


def live(now: datetime) -> None:
    """Everything that can happen to licences and widgets of one reseller."""
    plan = make_plan_with_api()
    agency = licenses.create_reseller(actor=None, name="Agency", plan_codes=["basic"], pool=POOL).organization
    shop, second = (licenses.create_customer(actor=None, reseller=agency, name=name) for name in ("One", "Two"))
    endpoint, _ = create_endpoint(
        actor=None, organization=agency, url="https://hooks.example.com/", events=["license.*"]
    )
    create_endpoint(actor=None, organization=shop, url="https://hooks.example.com/", events=["widget.*"])
    send_test(actor=None, endpoint=endpoint)
    license = licenses.issue_license(actor=None, plan=plan, issuer=agency)
    claimed = licenses.issue_license(actor=None, plan=plan, issuer=agency)
    customer = licenses.Authority(None, License.Level.SELF, second)
    licenses.claim_license(actor=customer, key=claimed.fresh_key.reveal(), now=now)
    license = licenses.assign_license(actor=None, license=license, organization=shop, now=now)
    change(license, now)
    end(license, now)
    quota(license, now)
    show(license)
    licenses.transfer_license(actor=None, license=license, to=second, now=now)


def change(license: License, now: datetime) -> None:
    licenses.suspend_license(actor=None, license=license, reason="", now=now)
    licenses.reinstate_license(actor=None, license=license)
    renewed = licenses.renew_license(actor=None, license=license, idempotency_key="1", now=now)
    licenses.extend_license(actor=None, license=license, until=renewed.expires_at + timedelta(days=1))
    licenses.change_plan(actor=None, license=license, plan=license.plan)
    licenses.set_overrides(actor=None, license=license, limits={"widgets": 5})
    licenses.set_grace(actor=None, license=license, days=14)
    licenses.rotate_key(actor=None, license=license, now=now)
    licenses.set_allow_localhost(actor=None, license=license, allowed=True)
    (rule,) = licenses.add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    licenses.remove_domain(actor=None, rule=rule)


def end(license: License, now: datetime) -> None:
    license.refresh_from_db()
    ends = license.expires_at
    for moment in (ends - timedelta(days=13), ends + timedelta(hours=1), ends + timedelta(days=15)):
        note_due(now=moment)


def quota(license: License, now: datetime) -> None:
    for _ in range(4):
        take(
            license_id=license.pk,
            organization_id=license.organization_id,
            anchor_day=1,
            limits={Metric.SESSIONS_MONTH: 4},
            now=now,
        )


def show(license: License) -> None:
    widget = make_widget(license)
    plan(widget, timezone.now())
    widgets.unpublish_widget(actor=None, widget=widget)
    for enabled in (False, True):
        widgets.set_enabled(actor=None, widget=widget, enabled=enabled)
    widgets.rename_widget(actor=None, widget=widget, name="Tea")
    widgets.delete_widget(actor=None, widget=widget)


def plan(widget: Widget, now: datetime) -> None:
    """A publication is planned, cancelled, planned anew, and cannot be carried out."""
    tomorrow = now + timedelta(days=1)
    for _ in range(2):
        plan_publication(actor=None, widget=widget, at=tomorrow, zone="UTC", now=now)
        cancel_plan(actor=None, widget=widget, now=now)
    plan_publication(actor=None, widget=widget, at=tomorrow, zone="UTC", now=now)
    widget.plans.waiting().update(configuration={"no": "such configuration"})
    publish_due(now=tomorrow)


def test_every_event_is_told_with_the_data_described():
    live(timezone.now())
    told = {(row.event, json.loads(row.body)["type"]): json.loads(row.body)["data"] for row in sent()}

    assert {event for event, kind in told if event == kind} == set(EVENTS)
    described = {event: set(data) for (event, _), data in told.items()}
    assert described == {name: set(event.data) for name, event in EVENTS.items()}


def test_quota_warns_at_75_90_and_100_percent():
    live(timezone.now())
    warnings = [json.loads(row.body)["data"]["percent"] for row in sent() if row.event == "license.quota_warning"]

    assert warnings == [75, 90, 100]


def sent() -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.order_by("pk"))
