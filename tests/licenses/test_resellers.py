import pytest

from accounts.models import AuditEvent, Organization
from licenses.authority import NotAllowed
from licenses.domains import parse_rule
from licenses.entitlements import PoolExceeded
from licenses.models import License, ResellerAccount
from licenses.pool import allocation, take_session
from licenses.services import (
    InvalidReseller,
    LimitReached,
    PlanNotAllowed,
    add_domains,
    change_plan,
    create_customer,
    create_plan,
    create_reseller,
    issue_license,
    revoke_license,
    set_overrides,
    set_pool,
    transfer_license,
)
from tests.build import make_organization
from widgets.services import create_widget

pytestmark = pytest.mark.django_db


def taken(agency: Organization, now) -> tuple[int, ...]:
    found = allocation(ResellerAccount.objects.get(organization=agency), now=now)
    return found.customers, found.licenses, found.widgets, found.domains, found.sessions_month


def test_reseller_issues_until_its_pool_is_empty(alice, agency, shop, plan, now):
    for organization in (None, shop, None):
        issue_license(actor=alice, plan=plan, organization=organization)
    assert taken(agency, now) == (1, 3, 6, 9, 300)

    with pytest.raises(PoolExceeded) as raised:
        issue_license(actor=alice, plan=plan)

    assert (raised.value.name, raised.value.limit) == ("licenses", 3)
    assert License.objects.count() == 3


def test_revoking_gives_the_room_back(alice, agency, plan, now):
    licenses = [issue_license(actor=alice, plan=plan) for _ in range(3)]

    revoke_license(actor=alice, license=licenses[0], reason="test", now=now)

    assert taken(agency, now) == (0, 2, 4, 6, 200)
    issue_license(actor=alice, plan=plan)


def test_customers_count_too(alice, agency, shop):
    create_customer(actor=alice, reseller=agency, name="Second")

    with pytest.raises(PoolExceeded):
        create_customer(actor=alice, reseller=agency, name="Third")
    assert Organization.objects.filter(parent=agency).count() == 2


@pytest.mark.parametrize("limits", [{"widgets": 5}, {"domains": -1}, {"sessions_month": 301}])
def test_overrides_come_out_of_the_pool(alice, shop, plan, limits):
    license = issue_license(actor=alice, plan=plan, organization=shop)
    issue_license(actor=alice, plan=plan)

    with pytest.raises(PoolExceeded):
        set_overrides(actor=alice, license=license, limits=limits)
    license.refresh_from_db()
    assert (license.limit_overrides, license.reserved_widgets) == ({}, 2)


def test_plan_change_comes_out_of_the_pool(alice, agency, shop, plan):
    license = issue_license(actor=alice, plan=plan, organization=shop)
    large = create_plan(actor=None, code="large", name="Large", limits={"widgets": 7}, features=["n8n"])

    with pytest.raises(PlanNotAllowed):
        change_plan(actor=alice, license=license, plan=large)
    set_pool(actor=None, reseller=agency, plan_codes=["basic", "large"])
    with pytest.raises(PoolExceeded):
        change_plan(actor=alice, license=license, plan=large)


def test_unlimited_fits_an_unlimited_pool_only(alice, agency, shop, plan, now):
    license = issue_license(actor=alice, plan=plan, organization=shop)
    set_pool(actor=None, reseller=agency, pool={**ResellerAccount.objects.get().pool, "domains": -1})

    set_overrides(actor=alice, license=license, limits={"domains": -1})

    assert taken(agency, now) == (1, 1, 2, -1, 100)
    with pytest.raises(PoolExceeded):
        set_pool(actor=None, reseller=agency, pool={**ResellerAccount.objects.get().pool, "domains": 1000})
    set_overrides(actor=alice, license=license, limits={"domains": 1})
    assert taken(agency, now) == (1, 1, 2, 1, 100)


def test_pool_does_not_shrink_below_what_is_taken(agency, alice, plan):
    issue_license(actor=alice, plan=plan)

    with pytest.raises(PoolExceeded):
        set_pool(actor=None, reseller=agency, pool={"licenses": 0})
    with pytest.raises(NotAllowed):
        set_pool(actor=alice, reseller=agency, pool={"licenses": 99})


def test_what_is_not_named_in_a_pool_is_none(plan):
    account = create_reseller(actor=None, name="Alice's agency", plan_codes=["basic"], pool={"licenses": 5})

    assert account.pool == {"customers": 0, "licenses": 5, "widgets": 0, "domains": 0, "sessions_month": 0}
    with pytest.raises(PoolExceeded):
        issue_license(actor=None, plan=plan, issuer=account.organization)


@pytest.mark.parametrize("pool", [{"licenses": -2}, {"licences": 1}, {"licenses": "3"}, {"licenses": None}])
def test_pool_is_validated(plan, pool):
    with pytest.raises(InvalidReseller):
        create_reseller(actor=None, name="Alice's agency", plan_codes=[], pool=pool)
    with pytest.raises(InvalidReseller):
        create_reseller(actor=None, name="Alice's agency", plan_codes=["absent"], pool={})
    assert not ResellerAccount.objects.exists()


def test_where_usage_counts_issuing_is_free_and_using_is_not(alice, agency, shop, plan, now):
    pool = {"customers": 1, "licenses": 9, "widgets": 1, "domains": 1, "sessions_month": 2}
    set_pool(actor=None, reseller=agency, mode="usage", pool=pool)
    licenses = [issue_license(actor=alice, plan=plan, organization=shop) for _ in range(5)]
    create_widget(actor=None, license=licenses[0], widget_type="n8n", name="First")
    add_domains(actor=None, license=licenses[0], rules=[parse_rule("shop.test")])

    with pytest.raises(PoolExceeded):
        create_widget(actor=None, license=licenses[1], widget_type="n8n", name="Second")
    with pytest.raises(PoolExceeded):
        add_domains(actor=None, license=licenses[1], rules=[parse_rule("other.test")])
    for _ in range(2):
        take_session(reseller_id=agency.pk, limit=2, now=now)
    with pytest.raises(PoolExceeded):
        take_session(reseller_id=agency.pk, limit=2, now=now)
    assert taken(agency, now) == (1, 5, 1, 1, 2)


def test_wildcards_have_a_limit_of_their_own(shop, plan):
    license = issue_license(actor=None, plan=plan, organization=shop)
    add_domains(actor=None, license=license, rules=[parse_rule("*.shop.test")])

    with pytest.raises(LimitReached):
        add_domains(actor=None, license=license, rules=[parse_rule("*.other.test")])
    add_domains(actor=None, license=license, rules=[parse_rule("other.test")])
    assert license.domain_rules.count() == 2


def test_allocation_takes_the_same_queries_for_any_number(agency, plan, now, django_assert_num_queries):
    set_pool(actor=None, reseller=agency, pool={"licenses": 9, "widgets": -1, "domains": -1, "sessions_month": -1})
    account = ResellerAccount.objects.select_related("organization").get()
    for _ in range(3):
        issue_license(actor=None, plan=plan, issuer=agency)
        with django_assert_num_queries(2):
            allocation(account, now=now)


def test_reseller_stays_within_its_own_customers(alice, charlie, agency, shop, stranger, plan, now):
    license = issue_license(actor=alice, plan=plan, organization=shop)

    with pytest.raises(NotAllowed):
        issue_license(actor=alice, plan=plan, organization=stranger)
    with pytest.raises(NotAllowed):
        issue_license(actor=alice, plan=plan, organization=agency)
    with pytest.raises(NotAllowed):
        create_customer(actor=charlie, reseller=agency, name="Mine now")
    with pytest.raises(NotAllowed):
        transfer_license(actor=alice, license=license, to=stranger, now=now)


def test_organization_that_is_no_reseller_has_no_customers_or_pool(shop):
    for deed in (create_customer, set_pool):
        with pytest.raises(NotAllowed):
            deed(actor=None, reseller=shop, **({"name": "x"} if deed is create_customer else {}))


def test_deeds_are_written_down(alice, agency):
    customer = create_customer(actor=alice, reseller=agency, name="Bob's shop")

    actions = AuditEvent.objects.order_by("pk").values_list("action", "actor__email", "organization__name")
    assert list(actions)[-3:] == [
        ("organization.created", None, "Alice's agency"),
        ("reseller.created", None, "Alice's agency"),
        ("organization.created", "alice@example.com", "Bob's shop"),
    ]
    assert customer.parent == agency
    assert make_organization("Other").parent is None
