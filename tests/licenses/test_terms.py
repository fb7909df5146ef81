from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import AuditEvent
from accounts.permissions import Role
from licenses.authority import Authority, Level, NotAllowed
from licenses.domains import parse_rule
from licenses.entitlements import Feature, InvalidTerms, Metric
from licenses.models import License, Plan
from licenses.services import (
    LimitReached,
    OverLimits,
    add_domains,
    assign_license,
    change_plan,
    create_plan,
    edit_plan,
    extend_license,
    issue_license,
    renew_license,
    require_room_for_member,
    revoke_license,
    set_grace,
    set_overrides,
    set_pool,
)
from licenses.states import State, derive, valid_until
from tests.build import add_member, make_organization, make_user
from tests.licenses.conftest import LIMITS
from widgets.services import create_widget

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def license(shop, plan, agency, now) -> License:
    return issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)


def test_time_begins_with_the_holder(shop, plan, alice, now):
    waiting = issue_license(actor=alice, plan=plan, now=now)
    later = now + timedelta(days=30)

    assigned = assign_license(actor=alice, license=waiting, organization=shop, now=later)

    assert (waiting.expires_at, assigned.expires_at) == (None, later + YEAR)
    with pytest.raises(NotAllowed):
        assign_license(actor=alice, license=waiting, organization=shop, now=later)


@pytest.mark.parametrize(("start", "begins"), [(-100, 30), (100, 100)])
def test_time_in_the_pool_does_not_count(shop, plan, alice, now, start, begins):
    waiting = issue_license(actor=alice, plan=plan, now=now, starts_at=now + timedelta(days=start))

    held = assign_license(actor=alice, license=waiting, organization=shop, now=now + timedelta(days=30))

    assert (held.starts_at, held.expires_at) == (now + timedelta(days=begins), now + timedelta(days=begins) + YEAR)


def test_time_begins_at_the_start_that_is_given(shop, plan, now):
    start = now + timedelta(days=10)
    license = issue_license(actor=None, plan=plan, organization=shop, now=now, starts_at=start)

    assert (license.expires_at, derive(license.facts(), now)) == (start + YEAR, State.NOT_STARTED)
    own_end = issue_license(actor=None, plan=plan, organization=shop, now=now, expires_at=start)
    assert own_end.expires_at == start


@pytest.mark.parametrize(
    ("renewal", "days_after_end", "expected"),
    [
        ("from_expiry", -10, 365),
        ("from_expiry", 10, 365),
        ("from_now_if_expired", -10, 365),
        ("from_now_if_expired", 10, 375),
    ],
)
def test_renewal_goes_on_from_its_basis(license, plan, now, renewal, days_after_end, expected):
    Plan.objects.update(renewal=renewal)
    end = license.expires_at

    renewed = renew_license(actor=None, license=license, idempotency_key="1", now=end + timedelta(days=days_after_end))

    assert renewed.expires_at == end + timedelta(days=expected)


def test_renewal_happens_once_per_key(license, alice, now):
    end = license.expires_at
    for key in ("june", "june", "july", "june"):
        license = renew_license(actor=alice, license=license, idempotency_key=key, now=now, days=30)

    assert license.expires_at == end + timedelta(days=60)
    assert AuditEvent.objects.filter(action="license.renewed").count() == 2


def test_what_has_no_end_or_no_holder_is_not_renewed(plan, shop, bob, now):
    endless = create_plan(actor=None, code="endless", name="Endless", limits={}, features=[])
    forever = issue_license(actor=None, plan=endless, organization=shop)
    waiting = issue_license(actor=None, plan=plan)
    dated = issue_license(actor=None, plan=endless, organization=shop, expires_at=now)

    for license in (forever, waiting, dated):
        with pytest.raises(NotAllowed):
            renew_license(actor=None, license=license, idempotency_key="1", now=now)
    with pytest.raises(NotAllowed):
        renew_license(actor=bob, license=dated, idempotency_key="1", now=now, days=30)
    assert renew_license(actor=None, license=dated, idempotency_key="1", now=now, days=30).expires_at > now


def test_billing_renews_and_does_no_more(license, now):
    billing = Authority(None, Level.BILLING)

    renew_license(actor=billing, license=license, idempotency_key="invoice-1", now=now)

    with pytest.raises(NotAllowed):
        extend_license(actor=billing, license=license, until=now + 10 * YEAR)


def test_extension_only_goes_forward(license, alice):
    later = license.expires_at + timedelta(days=5)

    assert extend_license(actor=alice, license=license, until=later).expires_at == later
    with pytest.raises(NotAllowed):
        extend_license(actor=alice, license=license, until=later)


def test_plan_change_keeps_dates_and_takes_new_limits(license, agency, now):
    large = create_plan(actor=None, code="large", name="Large", limits={"widgets": 5}, features=["n8n"])

    changed = change_plan(actor=None, license=license, plan=large)

    assert (changed.limit(Metric.WIDGETS), changed.expires_at) == (5, license.expires_at)
    assert AuditEvent.objects.get(action="license.plan_changed").details["former"] == "basic v1"


def test_plan_change_over_the_limits_is_forced_and_deletes_nothing(license):
    add_domains(actor=None, license=license, rules=[parse_rule("a.test"), parse_rule("*.b.test")])
    for name in ("First", "Second"):
        create_widget(actor=None, license=license, widget_type="n8n", name=name)
    small = create_plan(actor=None, code="small", name="Small", limits={"widgets": 1, "domains": 5}, features=["n8n"])

    with pytest.raises(OverLimits) as raised:
        change_plan(actor=None, license=license, plan=small)
    assert raised.value.over == {Metric.WIDGETS: (2, 1), Metric.WILDCARD_DOMAINS: (1, 0)}
    license.refresh_from_db()
    assert license.plan.code == "basic"

    change_plan(actor=None, license=license, plan=small, force=True)

    assert (license.widgets.count(), license.domain_rules.count()) == (2, 2)
    with pytest.raises(LimitReached):
        create_widget(actor=None, license=license, widget_type="n8n", name="Third")


def test_people_are_in_use_too_unless_another_licence_has_room_for_them(license, shop, plan):
    for name in ("bob", "charlie"):
        add_member(actor=None, organization=shop, user=make_user(name), role=Role.ADMIN)
    alone = create_plan(actor=None, code="alone", name="Alone", limits={**LIMITS, "members": 1}, features=["n8n"])

    with pytest.raises(OverLimits) as raised:
        change_plan(actor=None, license=license, plan=alone)
    assert raised.value.over == {Metric.MEMBERS: (2, 1)}

    issue_license(actor=None, plan=plan, organization=shop)
    assert change_plan(actor=None, license=license, plan=alone).plan == alone


def test_overrides_inherit_where_they_are_none(license):
    set_overrides(actor=None, license=license, limits={"widgets": 4, "domains": 0})
    license = set_overrides(actor=None, license=license, limits={"widgets": 4, "domains": None})

    assert (license.limit(Metric.WIDGETS), license.limit(Metric.DOMAINS)) == (4, 3)
    assert (license.limit_overrides, license.reserved_domains) == ({"widgets": 4}, 3)


@pytest.mark.parametrize(
    "values", [{"limits": {"wigdets": 1}}, {"features_added": ["fax"]}, {"limits": {"widgets": "1"}}]
)
def test_overrides_are_validated(license, values):
    with pytest.raises(InvalidTerms):
        set_overrides(actor=None, license=license, **values)


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({"limits": {"sessions_day": 5}}, True),
        ({"limits": {"sessions_day": 11}}, False),
        ({"limits": {"messages_month": -1}}, False),
        ({"limits": {"widgets": 3}}, True),  # the pool bounds these
        ({"features_removed": ["n8n"]}, True),
        ({"features_added": ["n8n"]}, True),
        ({"features_added": ["api"]}, False),
    ],
)
def test_reseller_gives_more_only_of_what_its_pool_bounds(license, alice, values, allowed):
    if allowed:
        set_overrides(actor=alice, license=license, **values)
    else:
        with pytest.raises(NotAllowed):
            set_overrides(actor=alice, license=license, **values)


@pytest.fixture
def large(plan, agency) -> Plan:
    large = create_plan(
        actor=None, code="large", name="Large", limits=plan.limits | {"sessions_day": 50}, features=["n8n", "api"]
    )
    set_pool(actor=None, reseller=agency, plan_codes=["basic", "large"])
    return large


@pytest.mark.parametrize("values", [{"features_added": ["api"]}, {"limits": {"sessions_day": 50}}])
def test_what_the_larger_plan_had_does_not_go_to_the_smaller_one(license, alice, plan, large, values):
    change_plan(actor=alice, license=license, plan=large)
    set_overrides(actor=alice, license=license, **values)

    with pytest.raises(NotAllowed, match=r"Only the platform gives more than the plan of: (REST API|Chats a day)\."):
        change_plan(actor=alice, license=license, plan=plan)
    assert change_plan(actor=None, license=license, plan=plan).plan == plan


def test_what_the_platform_granted_stays_and_hinders_nothing(license, alice, plan, large):
    set_overrides(actor=None, license=license, limits={"sessions_day": 99}, features_added=["api"])

    kept = {"limits": {"sessions_day": 99, "members": 1}, "features_added": ["api"]}
    assert set_overrides(actor=alice, license=license, **kept).limit_overrides == kept["limits"]
    assert change_plan(actor=alice, license=license, plan=large).has(Feature.API)
    less = set_overrides(actor=alice, license=license, limits={"sessions_day": 60})
    assert less.limit(Metric.SESSIONS_DAY) == 60
    with pytest.raises(NotAllowed):
        set_overrides(actor=alice, license=license, limits={"sessions_day": 61})


def test_grace_is_the_licences_own_or_the_plans(license):
    end = license.expires_at
    assert valid_until(license.facts()) == end + timedelta(days=7)
    assert valid_until(set_grace(actor=None, license=license, days=0).facts()) == end
    assert valid_until(set_grace(actor=None, license=license, days=None).facts()) == end + timedelta(days=7)
    with pytest.raises(NotAllowed):
        set_grace(actor=None, license=license, days=367)


def test_revoked_licence_is_not_changed(license, plan, now):
    revoke_license(actor=None, license=license, reason="test", now=now)

    deeds = [
        lambda: extend_license(actor=None, license=license, until=license.expires_at + YEAR),
        lambda: change_plan(actor=None, license=license, plan=plan),
        lambda: set_overrides(actor=None, license=license, limits={}),
        lambda: set_grace(actor=None, license=license, days=1),
        lambda: renew_license(actor=None, license=license, idempotency_key="1", now=now),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_customer_changes_no_terms(license, bob, plan):
    for deed in (
        lambda: extend_license(actor=bob, license=license, until=license.expires_at + YEAR),
        lambda: change_plan(actor=bob, license=license, plan=plan),
        lambda: set_overrides(actor=bob, license=license, limits={"widgets": -1}),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_members_have_room_as_the_largest_licence_allows(license, shop, plan):
    add_member(actor=None, organization=shop, user=make_user("alice"), role="owner")
    require_room_for_member(organization=shop)
    add_member(actor=None, organization=shop, user=make_user("bob"), role="editor")

    with pytest.raises(LimitReached):
        require_room_for_member(organization=shop)
    edit_plan(actor=None, plan=plan, limits={"members": 3})
    issue_license(actor=None, plan=Plan.objects.newest().get(), organization=shop)
    require_room_for_member(organization=shop)


def test_organization_without_a_licence_has_room_for_its_first_member(agency):
    lonely = make_organization("Charlie's bakery")
    require_room_for_member(organization=lonely)
    require_room_for_member(organization=agency, coming=50)
    with pytest.raises(LimitReached):
        require_room_for_member(organization=lonely, coming=2)
    with pytest.raises(ObjectDoesNotExist):
        lonely.licenses.get()


def test_pool_of_one_reseller_is_not_for_customers_of_another(plan, agency, stranger, alice):
    for actor in (None, alice):
        with pytest.raises(NotAllowed):
            issue_license(actor=actor, plan=plan, organization=stranger, issuer=agency)
    assert not License.objects.exists()


def test_licence_ends_after_it_starts(plan, shop, now):
    with pytest.raises(InvalidTerms):
        issue_license(actor=None, plan=plan, organization=shop, starts_at=now, expires_at=now)
    assert not License.objects.exists()
