"""The pages for API tokens and webhooks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.apitokens import Scope, authenticate, create_token
from accounts.models import ApiToken, WebhookDelivery, WebhookEndpoint
from accounts.permissions import Role
from accounts.services import add_member
from accounts.webhooks import create_endpoint, send_test
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
TOKENS, WEBHOOKS = "/o/alices-shop/tokens/", "/o/alices-shop/webhooks/"
NEW_TOKEN = {"name": "Billing", "scopes": ["licenses:read", "usage:read"], "days": "30", "ip_list": "192.0.2.7/24"}
NEW_HOOK = {"url": "https://hooks.example.com/x", "events": ["license.*"], "description": "Billing"}


@pytest.fixture
def organization():
    return make_organization("Alice's shop", make_user("alice"))


@pytest.fixture
def client(client, organization):
    client.force_login(organization.memberships.get().user)
    return client


def make_hook(organization) -> WebhookEndpoint:
    return create_endpoint(actor=None, organization=organization, url=NEW_HOOK["url"], events=["license.*"])[0]


def make_token(organization) -> ApiToken:
    membership = organization.memberships.get()
    return create_token(membership=membership, name="CI", scopes=["usage:read"], now=timezone.now())[0]


def test_token_is_shown_once(client, organization):
    page = client.post(TOKENS, NEW_TOKEN)
    token = ApiToken.objects.get()
    text = page.context["text"]

    assert (page.status_code, text in page.content.decode(), page["Cache-Control"]) == (201, True, "private, no-store")
    assert (token.scopes, token.ip_list) == (["licenses:read", "usage:read"], ["192.0.2.0/24"])
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert authenticate(text, ip="192.0.2.9", now=timezone.now()).token == token
    assert text not in client.get(TOKENS).content.decode()


def test_ninety_days_are_offered_first(client):
    assert client.get(TOKENS).context["form"]["days"].value() == 90


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["licenses:write"]}, "scopes"),  # more than an owner's role covers
        ({"days": "100000"}, "days"),
        ({"ip_list": "192.0.2.7\noffice"}, "ip_list"),
    ],
)
def test_refused_token_keeps_what_was_typed(client, change, field):
    page = client.post(TOKENS, NEW_TOKEN | change)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert page.context["form"]["name"].value() == (NEW_TOKEN | change)["name"]
    assert not ApiToken.objects.exists()


def test_scopes_are_those_of_ones_own_role(client):
    offered = [value for value, _ in client.get(TOKENS).context["form"].fields["scopes"].choices]

    assert set(Scope) - set(offered) == {Scope.LICENSES_WRITE, Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE}


def test_token_is_revoked(client, organization):
    token = make_token(organization)
    client.post(f"{TOKENS}{token.public_id}/revoke/")
    token.refresh_from_db()

    assert token.revoked_at is not None
    assert client.get(f"{TOKENS}{token.public_id}/revoke/").status_code == 405


def test_secret_is_shown_once(client):
    page = client.post(WEBHOOKS, NEW_HOOK)
    endpoint = WebhookEndpoint.objects.get()

    assert (page.status_code, page.context["secret"][:6]) == (201, "whsec_")
    assert (endpoint.url, endpoint.events, endpoint.description) == (NEW_HOOK["url"], ["license.*"], "Billing")
    assert page.context["secret"] not in client.get(f"{WEBHOOKS}{endpoint.public_id}/").content.decode()


@pytest.mark.parametrize(("change", "field"), [({"url": "http://10.0.0.1/"}, "url"), ({"events": []}, "events")])
def test_refused_endpoint_keeps_what_was_typed(client, organization, change, field):
    endpoint = make_hook(organization)
    for path in (WEBHOOKS, f"{WEBHOOKS}{endpoint.public_id}/"):
        page = client.post(path, NEW_HOOK | change)
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
        assert page.context["form"]["description"].value() == "Billing"
    assert WebhookEndpoint.objects.get().description == ""


def test_endpoint_is_changed_switched_and_deleted(client, organization):
    endpoint = make_hook(organization)
    path = f"{WEBHOOKS}{endpoint.public_id}/"
    client.post(path, NEW_HOOK | {"events": ["widget.published"]})
    client.post(f"{path}switch/", {"enabled": "off"})
    endpoint.refresh_from_db()
    assert (endpoint.events, endpoint.description, endpoint.disabled_at is None) == (
        ["widget.published"],
        "Billing",
        False,
    )
    assert "Switch the endpoint on first." in client.post(f"{path}test/", follow=True).content.decode()
    client.post(f"{path}switch/", {"enabled": "on"})
    rotated = client.post(f"{path}rotate/", {"overlap_hours": "1"})
    endpoint.refresh_from_db()
    assert (rotated.context["secret"][:6], endpoint.previous_secret_until is None) == ("whsec_", False)
    assert client.post(f"{path}rotate/", {"overlap_hours": "9999"}).status_code == 422
    client.post(f"{path}delete/")
    assert not WebhookEndpoint.objects.exists()


def test_log_tells_and_replays(client, organization):
    endpoint = make_hook(organization)
    path = f"{WEBHOOKS}{endpoint.public_id}/"
    client.post(f"{path}test/")
    WebhookDelivery.objects.update(
        status="failed", attempts=8, response_status=500, response_excerpt="<b>Boom</b>", error="It answered 500."
    )
    page = client.get(path).content.decode()
    assert ["webhook.test" in page, "&lt;b&gt;Boom" in page, "It answered 500." in page] == [True] * 3

    client.post(f"{path}deliveries/{WebhookDelivery.objects.get().public_id}/replay/")

    assert WebhookDelivery.objects.get().status == "pending"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_for_any_number(client, organization, django_assert_num_queries, count):
    for _ in range(count):
        make_token(organization)
        endpoint = make_hook(organization)
    for _ in range(count):
        send_test(actor=None, endpoint=endpoint)
    with django_assert_num_queries(4):  # session, user, memberships, tokens
        client.get(TOKENS)
    with django_assert_num_queries(4):  # session, user, memberships, endpoints
        client.get(WEBHOOKS)
    with django_assert_num_queries(6):  # session, user, memberships, endpoint, count, deliveries
        client.get(f"{WEBHOOKS}{endpoint.public_id}/")


def _pages(token: ApiToken, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> list[tuple[str, str]]:
    one = f"{WEBHOOKS}{endpoint.public_id}/"
    deeds = [f"{one}{deed}/" for deed in ("rotate", "switch", "delete", "test")]
    replay = f"{one}deliveries/{delivery.public_id}/replay/"
    posts = [("post", path) for path in (*deeds, replay, f"{TOKENS}{token.public_id}/revoke/")]
    return [("get", TOKENS), ("get", WEBHOOKS), ("get", one), *posts]


def test_outsiders_see_nothing_and_editors_may_not(client, organization):
    token, endpoint = make_token(organization), make_hook(organization)
    pages = _pages(token, endpoint, send_test(actor=None, endpoint=endpoint))
    client.force_login(make_user("charlie"))
    assert {getattr(client, method)(path).status_code for method, path in pages} == {404}
    bob = make_user("bob")
    add_member(actor=None, organization=organization, user=bob, role=Role.EDITOR)
    client.force_login(bob)
    assert {getattr(client, method)(path).status_code for method, path in pages} == {403}
    client.logout()
    assert {getattr(client, method)(path).status_code for method, path in pages} == {302}


def test_things_of_others_are_absent(client, organization):
    others = make_organization("Charlie's bakery", make_user("charlie"))
    token, endpoint = make_token(others), make_hook(others)
    pages = _pages(token, endpoint, send_test(actor=None, endpoint=endpoint))[2:]

    assert {getattr(client, method)(path).status_code for method, path in pages} == {404}
    assert ApiToken.objects.get().revoked_at is None
