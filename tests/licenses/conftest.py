"""A reseller of alice's with bob's shop as its customer; charlie's reseller and customer, who must stay out of it."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.authority import Authority, Level
from licenses.models import Plan
from licenses.services import create_customer, create_plan, create_reseller
from tests.build import make_organization, make_user

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMITS = {"widgets": 2, "domains": 3, "wildcard_domains": 1, "sessions_day": 10, "sessions_month": 100, "members": 2}
POOL = {"customers": 2, "licenses": 3, "widgets": 6, "domains": 9, "sessions_month": 300}


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def plan() -> Plan:
    return create_plan(actor=None, code="basic", name="Basic", limits=LIMITS, features=["n8n"], duration_days=365)


@pytest.fixture
def agency(plan: Plan) -> Organization:
    return create_reseller(actor=None, name="Alice's agency", plan_codes=["basic"], pool=POOL).organization


@pytest.fixture
def shop(agency: Organization) -> Organization:
    return create_customer(actor=None, reseller=agency, name="Bob's shop")


@pytest.fixture
def elsewhere(plan: Plan) -> Organization:
    return create_reseller(actor=None, name="Charlie's agency", plan_codes=["basic"], pool=POOL).organization


@pytest.fixture
def stranger(elsewhere: Organization) -> Organization:
    return create_customer(actor=None, reseller=elsewhere, name="Charlie's bakery")


@pytest.fixture
def alice(agency: Organization) -> Authority:
    return Authority(make_user("alice"), Level.RESELLER, agency)


@pytest.fixture
def bob(shop: Organization) -> Authority:
    return Authority(make_user("bob"), Level.SELF, shop)


@pytest.fixture
def charlie(elsewhere: Organization) -> Authority:
    return Authority(make_user("charlie"), Level.RESELLER, elsewhere)


def logged_in(user: User | None) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def platform() -> Organization:
    return make_organization("Operations", kind="platform")


@pytest.fixture
def as_operator(platform) -> Client:
    user = make_user("operator")
    add_member(actor=None, organization=platform, user=user, role=Role.PLATFORM_ADMIN)
    return logged_in(user)


@pytest.fixture
def as_operators_support(platform) -> Client:
    user = make_user("operators-support")
    add_member(actor=None, organization=platform, user=user, role=Role.PLATFORM_SUPPORT)
    return logged_in(user)


@pytest.fixture
def as_alice(alice, agency) -> Client:
    add_member(actor=None, organization=agency, user=alice.actor, role=Role.RESELLER_OWNER)
    return logged_in(alice.actor)


@pytest.fixture
def as_support(agency) -> Client:
    user = make_user("support")
    add_member(actor=None, organization=agency, user=user, role=Role.RESELLER_SUPPORT)
    return logged_in(user)


@pytest.fixture
def as_bob(bob, shop) -> Client:
    add_member(actor=None, organization=shop, user=bob.actor, role=Role.OWNER)
    return logged_in(bob.actor)
