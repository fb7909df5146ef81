"""Who may stop a licence, and who may let it run again."""

from dataclasses import replace

import pytest

from accounts.models import AuditEvent, Membership, Organization
from accounts.permissions import Role
from accounts.services import suspend_organization
from licenses.authority import Authority, Deed, Level, NotAllowed, authority_of, authority_of_member
from licenses.models import License
from licenses.services import issue_license, reinstate_license, revoke_license, suspend_license
from licenses.states import State, derive
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
LEVELS = [Level.SELF, Level.BILLING, Level.RESELLER, Level.PLATFORM]


@pytest.fixture
def license(shop, plan, agency) -> License:
    return issue_license(actor=None, plan=plan, organization=shop, issuer=agency)


@pytest.fixture
def at(alice, bob):
    """An authority over the licence at each level."""
    return {
        Level.SELF: bob,
        Level.BILLING: Authority(None, Level.BILLING),
        Level.RESELLER: alice,
        Level.PLATFORM: Authority(None, Level.PLATFORM),
    }


@pytest.mark.parametrize("stopper", LEVELS)
@pytest.mark.parametrize("lifter", LEVELS)
def test_suspension_is_lifted_from_its_level_up(license, at, now, stopper, lifter):
    suspend_license(actor=at[stopper], license=license, reason="test", now=now)

    if LEVELS.index(lifter) < LEVELS.index(stopper):
        with pytest.raises(NotAllowed):
            reinstate_license(actor=at[lifter], license=license)
        license.refresh_from_db()
        assert derive(license.facts(), now) is State.SUSPENDED
    else:
        assert derive(reinstate_license(actor=at[lifter], license=license).facts(), now) is State.ACTIVE


@pytest.mark.parametrize("first", LEVELS)
@pytest.mark.parametrize("second", LEVELS)
def test_suspension_is_raised_and_never_lowered(license, at, now, first, second):
    suspend_license(actor=at[first], license=license, reason="first", now=now)

    if LEVELS.index(second) < LEVELS.index(first):
        with pytest.raises(NotAllowed):
            suspend_license(actor=at[second], license=license, reason="second", now=now)
        license.refresh_from_db()
        assert license.suspended_by == first
    else:
        assert suspend_license(actor=at[second], license=license, reason="second", now=now).suspended_by == second


def test_nobody_acts_above_their_level(license, alice, now):
    with pytest.raises(NotAllowed):
        suspend_license(actor=alice, license=license, reason="test", now=now, level=Level.PLATFORM)
    assert suspend_license(actor=alice, license=license, reason="x", now=now, level=Level.SELF).suspended_by == "self"


def test_reseller_reaches_what_it_issued_to_its_customers(license, charlie, now):
    for deed in (suspend_license, revoke_license):
        with pytest.raises(NotAllowed):
            deed(actor=charlie, license=license, reason="test", now=now)


def test_reseller_does_not_reach_what_the_platform_issued_to_its_customer(shop, plan, alice, now):
    license = issue_license(actor=None, plan=plan, organization=shop)

    with pytest.raises(NotAllowed):
        suspend_license(actor=alice, license=license, reason="test", now=now)


def test_customer_reaches_its_own(license, stranger, now):
    theirs = Authority(make_user("charlie"), Level.SELF, stranger)

    with pytest.raises(NotAllowed):
        suspend_license(actor=theirs, license=license, reason="test", now=now)


def test_suspended_reseller_does_nothing(license, alice, agency, now):
    suspend_organization(actor=None, organization=agency, now=now)

    with pytest.raises(NotAllowed):
        revoke_license(actor=alice, license=license, reason="test", now=now)


def test_revoked_is_for_good(license, at, now):
    revoke_license(actor=at[Level.RESELLER], license=license, reason="Fraud", now=now)

    for deed in (suspend_license, revoke_license):
        with pytest.raises(NotAllowed):
            deed(actor=at[Level.SELF], license=license, reason="test", now=now)
    with pytest.raises(NotAllowed):
        reinstate_license(actor=None, license=license)
    again = revoke_license(actor=None, license=license, reason="Again", now=now)
    assert (again.revoke_reason, derive(again.facts(), now)) == ("Fraud", State.REVOKED)


@pytest.mark.parametrize(
    ("level", "deeds"),
    [
        (Level.SELF, {Deed.CLAIM, Deed.SUSPEND, Deed.REINSTATE, Deed.ROTATE_KEY}),
        (Level.BILLING, {Deed.SUSPEND, Deed.REINSTATE, Deed.RENEW}),
        (Level.RESELLER, set(Deed) - {Deed.CLAIM, Deed.RUN_RESELLERS}),
        (Level.PLATFORM, set(Deed) - {Deed.CLAIM}),
    ],
)
def test_each_level_has_its_deeds(bob, level, deeds):
    authority = replace(bob, level=level)

    def may(deed: Deed) -> bool:
        try:
            authority.require(deed)
        except NotAllowed:
            return False
        return True

    assert {deed for deed in Deed if may(deed)} == deeds


@pytest.mark.parametrize("level", [Level.SELF, Level.RESELLER])
def test_on_whose_behalf_must_be_said(level):
    with pytest.raises(NotAllowed):
        Authority(None, level).require(Deed.SUSPEND)


@pytest.mark.parametrize(
    ("kind", "role", "level"),
    [
        ("platform", Role.PLATFORM_ADMIN, Level.PLATFORM),
        ("platform", Role.PLATFORM_SUPPORT, None),
        ("reseller", Role.RESELLER_OWNER, Level.RESELLER),
        ("reseller", Role.RESELLER_MANAGER, Level.RESELLER),
        ("reseller", Role.RESELLER_SUPPORT, None),
        ("reseller", Role.OWNER, None),
        ("customer", Role.OWNER, Level.SELF),
        ("customer", Role.ADMIN, Level.SELF),
        ("customer", Role.EDITOR, None),
        ("customer", Role.BILLING, None),
        ("customer", Role.RESELLER_OWNER, None),  # a role of another kind of organization gives nothing
        ("customer", Role.PLATFORM_ADMIN, None),
    ],
)
def test_role_gives_a_level(kind, role, level):
    organization = make_organization("Alice's", kind=Organization.Kind(kind))
    membership = Membership(organization=organization, user=make_user("alice"), role=role)

    if level is None:
        with pytest.raises(NotAllowed):
            authority_of_member(membership)
    else:
        assert authority_of_member(membership).level == level


def test_bare_user_is_an_operator_or_nobody():
    operator = make_user("alice", is_superuser=True)

    assert authority_of(operator).level == Level.PLATFORM
    with pytest.raises(NotAllowed):
        authority_of(make_user("bob", is_staff=True))


def test_audit_tells_who_and_for_whom(license, alice, agency, shop, now):
    suspend_license(actor=alice, license=license, reason="An invoice is open", now=now)

    event = AuditEvent.objects.get(action="license.suspended")
    assert (event.actor, event.organization, event.target) == (alice.actor, shop, license.public_id)
    assert event.on_behalf_of == agency
    assert event.details == {"level": "reseller", "reason": "An invoice is open"}
