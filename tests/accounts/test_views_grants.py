"""A customer lets its reseller in; the reseller's people go in as far as that, and no longer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.grants import grant_access, revoke_grant
from accounts.guest_models import ActingSession
from accounts.models import AuditEvent, DelegationGrant, Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from tests.build import make_license, make_organization, make_user, make_widget

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def agency(alice: User) -> Organization:
    return make_organization("Alice's agency", alice, kind="reseller")


@pytest.fixture
def bob() -> User:
    return make_user("bob")


@pytest.fixture
def shop(agency: Organization, bob: User) -> Organization:
    shop = create_organization(actor=None, name="Bob's shop", parent=agency)
    add_member(actor=None, organization=shop, user=bob, role=Role.OWNER)
    return shop


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def let_in(shop: Organization, *scopes: str, **facts) -> list[DelegationGrant]:
    return [
        grant_access(actor=None, organization=shop, scope=scope, now=NOW, **facts) for scope in ("impersonate", *scopes)
    ]


def go_in(client: Client, shop: Organization, **answers):
    path = f"/o/{shop.parent.slug}/access/for/{shop.public_id}/"
    return client.post(path, {"reason": "Ticket 7", "hours": "1", **answers})


# The customer's page


def test_customer_grants_and_takes_back(shop, bob):
    client = logged_in(bob)
    assert "how many widgets, sites and people you have" in client.get("/o/bobs-shop/access/").content.decode()
    answer = client.post("/o/bobs-shop/access/", {"scopes": ["config"], "days": "7"})

    assert answer.status_code == 302
    grants = DelegationGrant.objects.active(NOW).order_by("scope")
    assert [(g.scope, g.expires_at) for g in grants] == [
        (s, NOW + timedelta(days=7)) for s in ("config", "impersonate")
    ]
    page = client.get("/o/bobs-shop/access/").content.decode()
    assert page.count("Take back<") == 2
    assert "27 November 2026, 12:00 UTC" in page

    client.post(f"/o/bobs-shop/access/{grants[0].public_id}/revoke/")
    assert [grant.scope for grant in DelegationGrant.objects.active(NOW)] == ["impersonate"]


def test_nothing_ticked_is_told_beside_the_field(shop, bob):
    answer = logged_in(bob).post("/o/bobs-shop/access/", {"days": "90"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tick what they may do." in page
    assert '<option value="90" selected>' in page
    assert not DelegationGrant.objects.exists()


def test_customer_without_a_reseller_has_nobody_to_let_in(bob):
    make_organization("Alone", bob)
    client = logged_in(bob)

    assert "There is nobody to let in" in client.get("/o/alone/access/").content.decode()
    assert client.post("/o/alone/access/", {"scopes": ["config"]}).status_code == 200
    assert not DelegationGrant.objects.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST, Role.BILLING])
def test_others_of_the_customer_may_not(shop, role):
    charlie = make_user("charlie")
    add_member(actor=None, organization=shop, user=charlie, role=role)

    assert logged_in(charlie).get("/o/bobs-shop/access/").status_code == 403


def test_anothers_grant_cannot_be_taken_back(shop, agency):
    charlie = make_user("charlie")
    sibling = create_organization(actor=None, name="Charlie's bakery", parent=agency)
    add_member(actor=None, organization=sibling, user=charlie, role=Role.OWNER)
    [grant] = let_in(shop)
    client = logged_in(charlie)

    foreign = client.post(f"/o/charlies-bakery/access/{grant.public_id}/revoke/")
    absent = client.post("/o/charlies-bakery/access/grt_absent/revoke/")

    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert client.get("/o/bobs-shop/access/").status_code == 404
    assert DelegationGrant.objects.active(NOW).count() == 1


# The reseller's side


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_what_was_received_takes_few_queries(agency, alice, count, django_assert_num_queries):
    for number in range(count):
        let_in(create_organization(actor=None, name=f"Shop {number}", parent=agency), "config")
    client = logged_in(alice)
    with django_assert_num_queries(4):  # session, user, memberships, grants
        page = client.get("/o/alices-agency/access/received/").content.decode()

    assert page.count('class="list-row"') == count


def test_manager_goes_in_with_a_reason(shop, alice):
    let_in(shop, "config")
    client = logged_in(alice)
    answer = go_in(client, shop)
    page = client.get("/o/bobs-shop/widgets/").content.decode()

    assert (answer.status_code, answer.url) == (302, "/o/bobs-shop/")
    assert "You act for Bob&#x27;s shop." in page
    assert "Until 13:00 UTC, because: “Ticket 7”" in page


@pytest.mark.parametrize("answers", [{"reason": ""}, {"hours": "8"}, {"hours": ""}])
def test_reason_and_time_are_needed(shop, alice, answers):
    let_in(shop)

    assert go_in(logged_in(alice), shop, **answers).status_code == 422
    assert not ActingSession.objects.exists()


def test_without_the_grant_nobody_goes_in(shop, alice, agency):
    grant_access(actor=None, organization=shop, scope="config", now=NOW)
    client = logged_in(alice)

    page = client.get(f"/o/alices-agency/access/for/{shop.public_id}/").content.decode()
    assert "Bob&#x27;s shop has not let you in" in page
    assert "The customer has not allowed it." in go_in(client, shop).content.decode()
    assert client.get("/o/bobs-shop/widgets/").status_code == 404


def test_other_reseller_cannot_even_ask(shop):
    charlie = make_user("charlie")
    make_organization("Charlie's agency", charlie, kind="reseller")
    let_in(shop)
    client = logged_in(charlie)

    foreign = client.get(f"/o/charlies-agency/access/for/{shop.public_id}/")
    absent = client.get("/o/charlies-agency/access/for/org_absent/")

    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_support_sees_that_a_customer_exists_and_nothing_more(shop, agency):
    charlie = make_user("charlie")
    add_member(actor=None, organization=agency, user=charlie, role=Role.RESELLER_SUPPORT)
    let_in(shop, "config", "credentials", "transcripts")
    client = logged_in(charlie)

    assert client.get("/o/alices-agency/access/received/").status_code == 403
    assert go_in(client, shop).status_code == 403
    assert client.get("/o/bobs-shop/widgets/").status_code == 404


def open_to(client: Client, widget) -> dict[str, int]:
    base = f"/o/bobs-shop/widgets/{widget.public_id}"
    paths = {"settings": f"{base}/settings/", "connection": f"{base}/connection/"}
    paths |= {"access": "/o/bobs-shop/access/", "edit": f"{base}/"}
    return {name: client.get(path).status_code for name, path in paths.items()}


def test_only_what_was_granted_is_open(shop, alice):
    widget = make_widget(make_license(shop))
    let_in(shop)
    client = logged_in(alice)
    go_in(client, shop)
    assert set(open_to(client, widget).values()) == {403}

    grant_access(actor=None, organization=shop, scope="config", now=NOW)
    go_in(client, shop)
    opened = open_to(client, widget)

    assert (opened["edit"], opened["access"]) == (200, 403)


def test_taking_back_ends_it_with_the_next_request(shop, alice, bob):
    widget = make_widget(make_license(shop))
    door, config = let_in(shop, "config")
    client = logged_in(alice)
    go_in(client, shop)
    path = f"/o/bobs-shop/widgets/{widget.public_id}/"
    assert client.get(path).status_code == 200

    revoke_grant(actor=bob, grant=config, now=NOW)
    assert client.get(path).status_code == 403
    revoke_grant(actor=bob, grant=door, now=NOW)
    assert client.get(path).status_code == 404


def test_it_ends_with_the_grants_time_and_its_own(shop, alice, clock):
    let_in(shop, expires_at=NOW + timedelta(minutes=30))
    client = logged_in(alice)
    go_in(client, shop)
    clock.move_to(NOW + timedelta(minutes=31))
    assert client.get("/o/bobs-shop/widgets/").status_code == 404

    let_in(shop)
    go_in(client, shop)
    clock.move_to(NOW + timedelta(minutes=92))
    assert client.get("/o/bobs-shop/widgets/").status_code == 404


def test_what_is_done_inside_tells_who_and_for_whom(shop, alice, agency):
    license = make_license(shop)
    let_in(shop, "config")
    client = logged_in(alice)
    go_in(client, shop)
    client.post(f"/o/bobs-shop/licenses/{license.public_id}/domains/", {"domains": "new.test"})
    session = ActingSession.objects.get()
    client.post(f"/acting/{session.public_id}/end/")

    lines = AuditEvent.objects.filter(on_behalf_of=agency, organization=shop).exclude(action__endswith="looked")
    told = [(line.action, line.actor) for line in lines.order_by("pk")]
    assert told == [
        ("impersonation.began", alice),
        ("license.domains_added", alice),
        ("impersonation.ended", alice),
    ]


def test_stored_keys_are_replaced_and_never_read(shop, alice):
    widget = make_widget(make_license(shop), "chatkit", secrets={"openai_key": "sk-CANARY-of-bob-0000"})
    let_in(shop, "config", "credentials")
    client = logged_in(alice)
    go_in(client, shop)

    page = client.get(f"/o/bobs-shop/widgets/{widget.public_id}/connection/")
    assert (page.status_code, "CANARY" in page.content.decode()) == (200, False)
