"""A business run by machines: a reseller and its customer, with their tokens."""

import pytest

from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.models import License
from licenses.services import (
    create_customer,
    create_reseller,
    issue_license,
)
from tests.api import POOL, Api, make_plan_with_api
from tests.build import make_organization, make_user


@pytest.fixture
def plan():
    return make_plan_with_api()


@pytest.fixture
def agency(plan) -> Organization:
    return create_reseller(
        actor=None, name="Alice's agency", plan_codes=["basic"], pool=POOL | {"licenses": 3, "customers": 3}
    ).organization


@pytest.fixture
def shop(agency) -> Organization:
    return create_customer(actor=None, reseller=agency, name="Bob's shop")


def enter(organization: Organization, user: User, role: Role) -> Membership:
    return add_member(actor=None, organization=organization, user=user, role=role)


@pytest.fixture
def alice(agency) -> Api:
    return Api(enter(agency, make_user("alice"), Role.RESELLER_OWNER))


@pytest.fixture
def bob(shop) -> Api:
    return Api(enter(shop, make_user("bob"), Role.OWNER))


@pytest.fixture
def operator(db) -> Api:
    return Api(make_organization("Platform", make_user("charlie"), kind="platform").memberships.get())


@pytest.fixture
def license(plan, agency, shop) -> License:
    return issue_license(actor=None, plan=plan, organization=shop, issuer=agency)
