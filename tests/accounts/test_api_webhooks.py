import pytest
from django.utils import timezone

from accounts.delivering import deliver_due
from accounts.models import WebhookDelivery, WebhookEndpoint
from tests.accounts.receiver import is_signed, receiver
from tests.api import Api
from tests.build import make_license, make_organization, make_user

pytestmark = pytest.mark.django_db
NEW = {"url": "https://hooks.example.com/x", "events": ["license.*"], "description": "Billing"}


@pytest.fixture
def api() -> Api:
    organization = make_organization("Alice's shop", make_user("alice"))
    make_license(organization)
    return Api(organization.memberships.get())


def test_endpoint_lives(api):
    made = api.post("/webhooks/", NEW).json()
    path = f"/webhooks/{made['id']}/"
    shown = api.get(path).json()

    assert made.pop("secret").startswith("whsec_")
    assert shown == made
    assert (shown["url"], shown["events"], shown["enabled"]) == (NEW["url"], ["license.*"], True)
    off = api.patch(path, {"enabled": False, "events": ["widget.published"]}, If_Match="*").json()
    assert (off["enabled"], off["events"]) == (False, ["widget.published"])
    assert api.delete(path).status_code == 204
    assert not WebhookEndpoint.objects.exists()


def test_secret_is_rotated_with_an_overlap(api, settings):
    with receiver() as hooks:
        settings.OUTBOUND_ALLOW = [hooks.authority]
        made = api.post("/webhooks/", NEW | {"url": hooks.url}).json()
        path = f"/webhooks/{made['id']}/"
        rotated = api.post(f"{path}rotate-secret/", {"overlap_hours": 1}).json()
        sent = api.post(f"{path}test/").json()
        deliver_due(now=timezone.now())
        ((headers, body),) = hooks.received

    assert [is_signed(headers, body, secret) for secret in (made["secret"], rotated["secret"])] == [True, True]
    log = api.get(f"{path}deliveries/?status=delivered&event=webhook.test").json()["data"]
    assert [(line["id"], line["status"], line["response_status"]) for line in log] == [(sent["id"], "delivered", 204)]
    assert api.get(f"{path}deliveries/?status=failed").json()["data"] == []


def test_delivery_is_replayed(api):
    made = api.post("/webhooks/", NEW).json()
    path = f"/webhooks/{made['id']}/"
    sent = api.post(f"{path}test/").json()
    WebhookDelivery.objects.update(status="failed", attempts=8)

    again = api.post(f"{path}deliveries/{sent['id']}/replay/").json()

    assert (again["id"], again["status"], again["attempts"]) == (sent["id"], "pending", 0)
    api.patch(path, {"enabled": False}, If_Match="*")
    refused = api.post(f"{path}deliveries/{sent['id']}/replay/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_allowed")


@pytest.mark.parametrize("count", [1, 3])
def test_deliveries_take_the_same_queries_for_any_number(api, django_assert_num_queries, count):
    made = api.post("/webhooks/", NEW).json()
    for _ in range(count):
        api.post(f"/webhooks/{made['id']}/test/")
    with django_assert_num_queries(5):  # token, membership, plan, endpoint, deliveries
        assert len(api.get(f"/webhooks/{made['id']}/deliveries/").json()["data"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_audit_events_take_the_same_queries_for_any_number(api, django_assert_num_queries, count):
    for _ in range(count):
        api.post("/webhooks/", NEW)
    with django_assert_num_queries(4):  # token, membership, plan, events
        assert len(api.get("/audit-events/?action=webhook.created").json()["data"]) == count
