from datetime import timedelta

import pytest

from accounts.models import Organization
from licenses.authority import NotAllowed
from licenses.domains import parse_rule
from licenses.entitlements import Metric, PoolExceeded
from licenses.metering import take, used
from licenses.models import License
from licenses.services import (
    add_domains,
    create_customer,
    find_by_key,
    issue_license,
    renew_license,
    revoke_license,
    set_overrides,
    set_pool,
    suspend_license,
    transfer_license,
)
from licenses.states import State, derive
from tests.build import make_organization, make_widget

pytestmark = pytest.mark.django_db


@pytest.fixture
def license(shop, plan, agency, now) -> License:
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    return set_overrides(actor=None, license=license, limits={"widgets": 1})


@pytest.fixture
def second(agency) -> Organization:
    return create_customer(actor=None, reseller=agency, name="Second")


def test_right_moves_and_what_is_the_customers_stays(license, alice, shop, second, now):
    widget = make_widget(license)
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])

    heir = transfer_license(actor=alice, license=license, to=second, now=now)

    former = License.objects.get(pk=license.pk)
    assert (heir.organization, heir.plan, heir.expires_at, heir.limit(Metric.WIDGETS)) == (
        second,
        license.plan,
        license.expires_at,
        1,
    )
    assert (heir.transferred_from, heir.issuer) == (former.public_id, license.issuer)
    assert (heir.widgets.count(), heir.domain_rules.count()) == (0, 0)
    widget.refresh_from_db()
    assert (widget.license, widget.organization) == (former, shop)
    assert derive(former.facts(), now) is State.REVOKED
    assert derive(heir.facts(), now) is State.ACTIVE


def test_old_key_is_dead_and_a_new_one_is_shown(shop, plan, agency, alice, second, now):
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    old = license.fresh_key.reveal()

    heir = transfer_license(actor=alice, license=license, to=second, now=now)

    assert find_by_key(old, now=now) is None
    assert find_by_key(heir.fresh_key.reveal(), now=now) == heir


def test_full_pool_is_no_hindrance_within_it(license, alice, agency, second, plan, now):
    for _ in range(2):
        issue_license(actor=alice, plan=plan)

    transfer_license(actor=alice, license=license, to=second, now=now)

    assert License.objects.issued_by(agency).holding().count() == 3


def test_use_of_the_running_periods_goes_along(license, alice, shop, second, now):
    limits = {Metric.SESSIONS_DAY: 10, Metric.SESSIONS_MONTH: 100}
    for _ in range(3):
        take(license_id=license.pk, organization_id=shop.pk, anchor_day=license.anchor_day, limits=limits, now=now)

    heir = transfer_license(actor=alice, license=license, to=second, now=now)

    assert [used(license=heir, metric=metric, now=now) for metric in limits] == [3, 3]
    assert heir.anchor_day == license.anchor_day
    assert used(license=heir, metric=Metric.SESSIONS_DAY, now=now + timedelta(days=1)) == 0


def test_suspension_goes_along(license, alice, second, now):
    suspend_license(actor=None, license=license, reason="An invoice is open", now=now)

    heir = transfer_license(actor=alice, license=license, to=second, now=now)

    assert (derive(heir.facts(), now), heir.suspended_by) == (State.SUSPENDED, "platform")


def test_platform_moves_across_resellers_into_the_receivers_pool(license, agency, elsewhere, stranger, now):
    heir = transfer_license(actor=None, license=license, to=stranger, now=now)

    assert heir.issuer == elsewhere
    assert License.objects.issued_by(agency).holding().count() == 0


def test_receivers_pool_must_have_room(license, elsewhere, stranger, now):
    set_pool(actor=None, reseller=elsewhere, pool={"customers": 1})

    with pytest.raises(PoolExceeded):
        transfer_license(actor=None, license=license, to=stranger, now=now)
    license.refresh_from_db()
    assert (license.revoked_at, License.objects.count()) == (None, 1)


def test_what_nobody_holds_is_not_transferred(license, shop, second, plan, now):
    waiting = issue_license(actor=None, plan=plan)
    revoked = issue_license(actor=None, plan=plan, organization=shop)
    revoke_license(actor=None, license=revoked, reason="test", now=now)

    for unfit in (waiting, revoked):
        with pytest.raises(NotAllowed):
            transfer_license(actor=None, license=unfit, to=second, now=now)
    with pytest.raises(NotAllowed):
        transfer_license(actor=None, license=license, to=shop, now=now)


def test_customer_and_other_resellers_do_not_transfer(license, bob, charlie, second, stranger, now):
    for actor, to in ((bob, second), (charlie, stranger), (charlie, second)):
        with pytest.raises(NotAllowed):
            transfer_license(actor=actor, license=license, to=to, now=now)


def test_licence_outside_of_any_pool_stays_outside(plan, now):
    license = issue_license(actor=None, plan=plan, organization=make_organization("Alice's shop"))

    assert transfer_license(actor=None, license=license, to=make_organization("Bob's"), now=now).issuer is None


def test_suspended_licence_in_the_pool_is_still_nobodys(plan, second, now):
    waiting = issue_license(actor=None, plan=plan, expires_at=now)
    suspend_license(actor=None, license=waiting, reason="test", now=now)

    with pytest.raises(NotAllowed):
        transfer_license(actor=None, license=waiting, to=second, now=now)
    with pytest.raises(NotAllowed):
        renew_license(actor=None, license=waiting, idempotency_key="1", now=now)
