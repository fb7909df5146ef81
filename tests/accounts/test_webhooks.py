"""Other systems are told what happened: exactly what was committed, signed, until they have it or it is hopeless."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts import webhooks
from accounts.delivering import ATTEMPTS, DISABLED_AFTER, deliver_due
from accounts.events import UnknownEvent
from accounts.models import AuditEvent, Organization, WebhookDelivery, WebhookEndpoint
from accounts.tasks import delete_old, deliver_webhooks
from accounts.webhooks import InvalidEndpoint, create_endpoint, edit_endpoint, emit, replay
from licenses.services import create_customer, create_reseller, issue_license, suspend_license
from tests.accounts.receiver import Receiver, is_signed, receiver
from tests.build import make_license, make_organization, make_plan, make_user, make_widget
from widgets.services import set_enabled

pytestmark = pytest.mark.django_db
DATA = {"license": "lic_1"}


@pytest.fixture
def organization() -> Organization:
    return make_organization("Alice's shop")


@pytest.fixture
def hooks(settings: Any) -> Iterator[Receiver]:
    with receiver() as this:
        settings.OUTBOUND_ALLOW = [this.authority]
        yield this


def listen(organization: Organization, url: str = "https://hooks.example.com/x", *events: str):
    endpoint, secret = create_endpoint(
        actor=None, organization=organization, url=url, events=events or ["license.*", "widget.*"]
    )
    return endpoint, secret.reveal()


def tell(organization: Organization, event: str = "license.renewed") -> WebhookDelivery:
    (delivery,) = emit(organization=organization, type=event, data=DATA)
    return delivery


def test_delivery_is_signed_and_says_what_happened(organization, hooks):
    endpoint, secret = listen(organization, hooks.url)
    delivery, now = tell(organization), timezone.now()

    assert deliver_due(now=now) == 1

    ((headers, body),) = hooks.received
    assert is_signed(headers, body, secret)
    assert (headers["webhook-id"], headers["content-type"]) == (delivery.public_id, "application/json")
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert json.loads(body) | {"timestamp": ""} == {"type": "license.renewed", "timestamp": "", "data": DATA}
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.response_status) == ("delivered", 1, 204)
    assert deliver_due(now=now + timedelta(days=1)) == 0
    assert endpoint.sealed_secret.count(secret) == 0


def test_what_is_rolled_back_is_never_told(organization):
    listen(organization)
    with transaction.atomic():
        tell(organization)
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()


def test_failure_is_tried_again_over_a_day(organization, hooks):
    listen(organization, hooks.url)
    hooks.status, delivery, now = 500, tell(organization), timezone.now()
    waits = []
    for _ in range(ATTEMPTS):
        assert deliver_due(now=now) == 1
        delivery.refresh_from_db()
        waits.append((delivery.next_attempt_at - now).total_seconds())
        now = delivery.next_attempt_at

    assert waits[:-1] == [5, 300, 1800, 7200, 14400, 25200, 36000]
    assert timedelta(hours=23) < timedelta(seconds=sum(waits[:-1])) < timedelta(hours=24)
    assert (delivery.status, delivery.attempts, delivery.error) == ("failed", 8, "It answered 500.")
    assert deliver_due(now=now + timedelta(days=9)) == 0
    assert len(hooks.received) == 8


@pytest.mark.parametrize("status", [200, 201, 299, 301, 400, 404, 410, 500])
def test_only_a_success_is_one(organization, hooks, status):
    listen(organization, hooks.url)
    hooks.status = status
    tell(organization)
    deliver_due(now=timezone.now())

    assert WebhookDelivery.objects.get().status == ("delivered" if status < 300 else "pending")


def test_private_addresses_are_not_reached(organization, hooks, settings):
    listen(organization, hooks.url)
    settings.OUTBOUND_ALLOW = []
    tell(organization)

    deliver_due(now=timezone.now())

    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.response_status, hooks.received) == ("pending", None, [])
    assert hooks.url not in delivery.error


def test_endpoint_that_fails_for_three_days_is_switched_off(organization, hooks):
    endpoint, _ = listen(organization, hooks.url)
    hooks.status, now = 500, timezone.now() + timedelta(minutes=1)
    for moment in (now, now + DISABLED_AFTER - timedelta(seconds=1)):
        tell(organization)
        deliver_due(now=moment)
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.disabled_at) == (now, None)

    tell(organization)
    deliver_due(now=now + DISABLED_AFTER)

    endpoint.refresh_from_db()
    assert (endpoint.disabled_at, endpoint.disabled_reason) == (now + DISABLED_AFTER, "It failed for three days.")
    assert AuditEvent.objects.filter(action="webhook.auto_disabled").count() == 1
    assert emit(organization=organization, type="license.renewed", data=DATA) == []
    assert deliver_due(now=now + timedelta(days=9)) == 0  # what waits for it waits on


def test_success_ends_a_series_of_failures(organization, hooks):
    endpoint, _ = listen(organization, hooks.url)
    now = timezone.now() + timedelta(minutes=1)
    for status, moment in ((500, now), (204, now + timedelta(days=2)), (500, now + timedelta(days=4))):
        hooks.status = status
        WebhookDelivery.objects.all().delete()
        tell(organization)
        deliver_due(now=moment)

    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.disabled_at) == (now + timedelta(days=4), None)


def test_slow_or_dead_endpoint_does_not_hold_up_the_others(organization, hooks, settings):
    settings.OUTBOUND_ALLOW = [hooks.authority, "127.0.0.1:9"]
    listen(organization, "http://127.0.0.1:9/dead")
    listen(organization, hooks.url)
    emit(organization=organization, type="license.renewed", data=DATA)

    assert deliver_due(now=timezone.now()) == 2

    assert sorted(WebhookDelivery.objects.values_list("status", flat=True)) == ["delivered", "pending"]


def test_secret_that_cannot_be_opened_is_a_failure(organization, hooks):
    listen(organization, hooks.url)
    WebhookEndpoint.objects.update(sealed_secret="v1.gone.AAAA.AAAA")
    tell(organization)
    deliver_due(now=timezone.now())

    assert WebhookDelivery.objects.get().error == "The signing secret cannot be opened. Rotate it."
    assert hooks.received == []


def test_batch_of_a_worker_that_died_is_taken_over(organization, hooks, monkeypatch):
    listen(organization, hooks.url)
    tell(organization)
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr("accounts.delivering._note", _dies)
        with pytest.raises(SystemExit):
            deliver_due(now=now)

    assert deliver_due(now=now + timedelta(seconds=30)) == 0
    assert deliver_due(now=now + timedelta(seconds=60)) == 1
    ids = {headers["webhook-id"] for headers, _ in hooks.received}
    assert (len(hooks.received), len(ids)) == (2, 1)  # twice, and the receiver can tell


def _dies(*_: object) -> None:
    raise SystemExit


def test_replay_sends_it_again_under_its_own_id(organization, hooks):
    endpoint, _ = listen(organization, hooks.url)
    delivery = tell(organization)
    deliver_due(now=timezone.now())

    replay(actor=make_user("alice"), delivery=delivery, now=timezone.now())
    deliver_due(now=timezone.now())

    assert [headers["webhook-id"] for headers, _ in hooks.received] == [delivery.public_id] * 2
    assert AuditEvent.objects.get(action="webhook.replayed").actor.name == "alice"
    webhooks.set_endpoint_enabled(actor=None, endpoint=endpoint, enabled=False, now=timezone.now())
    with pytest.raises(InvalidEndpoint):
        replay(actor=None, delivery=delivery, now=timezone.now())


def test_both_secrets_sign_during_the_overlap(organization, hooks):
    endpoint, old = listen(organization, hooks.url)
    now = timezone.now()
    new = webhooks.rotate_secret(actor=None, endpoint=endpoint, now=now, overlap=timedelta(hours=2)).reveal()
    signed = []
    for moment in (now + timedelta(hours=2, seconds=-1), now + timedelta(hours=2)):
        tell(organization)
        deliver_due(now=moment)
        headers, body = hooks.received[-1]
        signed.append([is_signed(headers, body, secret) for secret in (new, old)])

    assert signed == [[True, True], [True, False]]


def test_without_an_overlap_the_old_secret_is_dead_at_once(organization, hooks):
    endpoint, old = listen(organization, hooks.url)
    new = webhooks.rotate_secret(actor=None, endpoint=endpoint, now=timezone.now(), overlap=timedelta(0)).reveal()
    tell(organization)
    deliver_due(now=timezone.now())

    ((headers, body),) = hooks.received
    assert [is_signed(headers, body, secret) for secret in (new, old)] == [True, False]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
def test_overlap_is_at_most_a_week(organization, overlap):
    endpoint, _ = listen(organization)
    with pytest.raises(InvalidEndpoint):
        webhooks.rotate_secret(actor=None, endpoint=endpoint, now=timezone.now(), overlap=overlap)


def test_answer_is_kept_in_part_and_without_secrets(organization, hooks):
    listen(organization, hooks.url)
    hooks.status, hooks.answer = 500, b"bad key sk-1234567890abcdef \x00\xff " + b"x" * 900
    tell(organization)
    deliver_due(now=timezone.now())

    excerpt = WebhookDelivery.objects.get().response_excerpt
    assert (len(excerpt), excerpt[:30]) == (500, "bad key sk-[redacted] \ufffd xxxxxx")


def test_test_event_goes_to_one_endpoint_alone(organization, hooks):
    listen(organization, hooks.url)
    other, _ = listen(organization, f"{hooks.url}/other", "widget.published")
    delivery = webhooks.send_test(actor=None, endpoint=other)
    deliver_due(now=timezone.now())

    ((_, body),) = hooks.received
    assert json.loads(body)["type"] == delivery.event == "webhook.test"
    webhooks.set_endpoint_enabled(actor=None, endpoint=other, enabled=False, now=timezone.now())
    other.refresh_from_db()
    with pytest.raises(InvalidEndpoint):
        webhooks.send_test(actor=None, endpoint=other)


def test_event_that_is_not_on_the_list_is_an_error(organization):
    with pytest.raises(UnknownEvent):
        emit(organization=organization, type="license.eaten", data={})


def test_where_an_endpoint_points_is_told_without_what_may_be_a_secret(organization):
    endpoint, _ = listen(organization, url="https://hooks.example.com/secret")
    edit_endpoint(actor=None, endpoint=endpoint, url="https://other.example.com:8443/secret?key=1")
    created, edited = AuditEvent.objects.filter(action__startswith="webhook").order_by("pk")
    assert created.details["to"] == "https://hooks.example.com"
    assert [edited.details[when]["to"] for when in ("before", "after")] == [
        "https://hooks.example.com",
        "https://other.example.com:8443",
    ]


def test_endpoint_is_edited_and_deleted(organization):
    endpoint, _ = listen(organization)
    edited = edit_endpoint(actor=None, endpoint=endpoint, events=["widget.published"], description="Shop")

    assert (edited.url, edited.events, edited.description) == (endpoint.url, ["widget.published"], "Shop")
    assert emit(organization=organization, type="license.renewed", data={}) == []
    assert len(emit(organization=organization, type="widget.published", data={})) == 1
    webhooks.delete_endpoint(actor=None, endpoint=endpoint)
    assert not WebhookDelivery.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="webhook").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["webhook.created", "webhook.edited", "webhook.deleted"]


@pytest.mark.parametrize(
    ("url", "events"),
    [
        ("http://hooks.example.com/", ["license.*"]),
        ("https://localhost/", ["license.*"]),
        ("https://169.254.169.254/", ["license.*"]),
        ("https://hooks.example.com/", []),
        ("https://hooks.example.com/", ["*"]),
        ("https://hooks.example.com/", ["license"]),
        ("https://hooks.example.com/", ["member.added"]),
        ("https://hooks.example.com/", ["license.eaten"]),
        ("https://hooks.example.com/", ["webhook.test"]),
    ],
)
def test_endpoint_is_validated(organization, url, events):
    with pytest.raises(InvalidEndpoint):
        create_endpoint(actor=None, organization=organization, url=url, events=events)
    endpoint, _ = listen(organization)
    with pytest.raises(InvalidEndpoint):
        edit_endpoint(actor=None, endpoint=endpoint, url=url, events=events)


def test_number_of_endpoints_is_limited(organization):
    for _ in range(webhooks.MOST_ENDPOINTS):
        listen(organization)
    with pytest.raises(InvalidEndpoint):
        listen(organization)


def test_log_is_kept_for_a_month(organization):
    listen(organization)
    tell(organization)
    now = timezone.now()

    assert webhooks.delete_old(now=now + timedelta(days=29)) == 0
    assert webhooks.delete_old(now=now + timedelta(days=31)) == 1


def test_tasks_run(organization, hooks):
    listen(organization, hooks.url)
    tell(organization)
    deliver_webhooks()
    delete_old()

    assert WebhookDelivery.objects.get().status == "delivered"


# What is told


def events_of(organization: Organization) -> list[tuple[str, dict[str, Any]]]:
    mine = WebhookDelivery.objects.for_organization(organization).order_by("pk")
    return [(delivery.event, json.loads(delivery.body)["data"]) for delivery in mine]


def test_customer_and_reseller_hear_of_a_licence_and_others_do_not():
    plan = make_plan()
    pool = {"customers": 1, "licenses": 1, "widgets": -1, "domains": -1, "sessions_month": -1}
    agency = create_reseller(actor=None, name="Agency", plan_codes=[plan.code], pool=pool).organization
    shop, stranger = create_customer(actor=None, reseller=agency, name="Bob's shop"), make_organization("Charlie's")
    for organization in (agency, shop, stranger):
        listen(organization)
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=agency)

    suspend_license(actor=None, license=license, reason="An invoice is open", now=timezone.now())

    told = events_of(shop)
    assert [event for event, _ in told] == ["license.issued", "license.suspended"]
    assert events_of(agency) == told
    assert events_of(stranger) == []
    assert told[1][1] == {
        "license": license.public_id,
        "organization": shop.public_id,
        "plan": "test",
        "expires_at": None,
        "level": "platform",
        "reason": "An invoice is open",
    }


def test_widget_is_told_of(organization):
    listen(organization)
    widget = make_widget(make_license(organization, domains=()), publish=True)
    set_enabled(actor=None, widget=widget, enabled=False)

    told = [event for event, data in events_of(organization) if data.get("widget") == widget.public_id]
    assert told == ["widget.created", "widget.published", "widget.disabled"]
