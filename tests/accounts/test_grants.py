from datetime import UTC, datetime, timedelta

import pytest

from accounts.grants import NoReseller, grant_access, granted_permissions, revoke_grant
from accounts.models import AuditEvent, DelegationGrant
from accounts.services import create_organization
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def agency():
    return make_organization("Alice's agency", kind="reseller")


@pytest.fixture
def shop(agency):
    return create_organization(actor=None, name="Bob's shop", parent=agency)


@pytest.fixture
def bob():
    return make_user("bob")


def granted(shop, agency, now=NOW):
    given = DelegationGrant.objects.for_organization(shop).given_to(agency).active(now)
    return sorted(given.values_list("scope", flat=True))


def test_without_a_grant_nothing_is_allowed(shop, agency):
    assert granted(shop, agency) == []


def test_grant_covers_its_scope_until_it_ends(shop, agency, bob):
    grant_access(actor=bob, organization=shop, scope="config", now=NOW)
    grant_access(actor=bob, organization=shop, scope="impersonate", now=NOW, expires_at=NOW + timedelta(hours=1))

    assert granted(shop, agency) == ["config", "impersonate"]
    assert granted(shop, agency, NOW + timedelta(hours=1)) == ["config"]


def test_grant_is_taken_back(shop, agency, bob):
    grant = grant_access(actor=bob, organization=shop, scope="config", now=NOW)
    for _ in range(2):
        revoke_grant(actor=bob, grant=grant, now=NOW)

    assert granted(shop, agency) == []
    actions = AuditEvent.objects.filter(organization=shop, actor=bob).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["grant.given", "grant.revoked"]


def test_new_grant_replaces_the_old_one(shop, agency, bob):
    grant_access(actor=bob, organization=shop, scope="config", now=NOW)
    grant_access(actor=bob, organization=shop, scope="config", now=NOW, expires_at=NOW + timedelta(hours=1))

    assert granted(shop, agency, NOW + timedelta(hours=2)) == []
    assert DelegationGrant.objects.active(NOW).count() == 1


def test_grant_is_to_the_own_reseller(shop, agency, bob):
    other = make_organization("Charlie's agency", kind="reseller")
    grant_access(actor=bob, organization=shop, scope="impersonate", now=NOW)

    def opened(reseller):
        return granted_permissions(organization=shop, reseller=reseller, now=NOW)

    assert (opened(agency), opened(other)) == (READING, set())
    shop.parent = other  # the customer has moved: what it granted stays behind
    assert opened(agency) == opened(other) == set()
    with pytest.raises(NoReseller):
        grant_access(actor=bob, organization=make_organization("Alone"), scope="config", now=NOW)


@pytest.mark.parametrize("values", [{"scope": "everything"}, {"scope": "config", "expires_at": NOW}])
def test_grant_is_validated(shop, bob, values):
    with pytest.raises(ValueError, match=r"everything|future"):
        grant_access(actor=bob, organization=shop, now=NOW, **values)


def test_both_sides_read_of_it(shop, agency, bob):
    grant = grant_access(actor=bob, organization=shop, scope="config", now=NOW)
    revoke_grant(actor=bob, grant=grant, now=NOW)

    lines = AuditEvent.objects.filter(organization=agency, on_behalf_of=shop, actor=bob).order_by("pk")
    assert list(lines.values_list("action", flat=True)) == ["grant.given", "grant.revoked"]


READING = {"widget.read", "license.read", "analytics.read"}


@pytest.mark.parametrize(
    ("scopes", "opened"),
    [
        ([], set()),
        (["config", "credentials", "transcripts"], set()),  # the door itself is closed
        (["impersonate"], READING),
        (["impersonate", "config"], READING | {"widget.edit", "domain.edit"}),
        (["impersonate", "credentials"], READING | {"credential.set"}),
        (["impersonate", "transcripts"], READING | {"conversation.read"}),
    ],
)
def test_scopes_open_so_much_and_no_more(shop, agency, bob, scopes, opened):
    for scope in scopes:
        grant_access(actor=bob, organization=shop, scope=scope, now=NOW, expires_at=NOW + timedelta(hours=1))
    other = make_organization("Charlie's agency", kind="reseller")

    assert granted_permissions(organization=shop, reseller=agency, now=NOW) == opened
    assert granted_permissions(organization=shop, reseller=other, now=NOW) == set()
    assert granted_permissions(organization=shop, reseller=agency, now=NOW + timedelta(hours=1)) == set()
