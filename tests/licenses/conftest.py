"""A reseller of alice's with bob's shop as its customer; charlie's reseller and customer, who must stay out of it."""

from datetime import UTC, datetime

import pytest

from accounts.models import Organization
from licenses.authority import Authority, Level
from licenses.models import Plan
from licenses.services import create_customer, create_plan, create_reseller
from tests.build import make_user

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
