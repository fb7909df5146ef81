"""What can be done to a licence, each on its page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.authority import Deed, Level
from licenses.deeds import PAGES
from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.models import License
from licenses.services import (
    add_domains,
    create_customer,
    create_plan,
    issue_license,
    revoke_license,
    set_pool,
    suspend_license,
)
from tests.build import make_user, make_widget
from tests.licenses.conftest import logged_in

pytestmark = pytest.mark.django_db
AGENCY = "/o/alices-agency/licenses/"


@pytest.fixture
def license(alice, shop, plan) -> License:
    return issue_license(actor=alice, plan=plan, organization=shop)


@pytest.fixture
def in_pool(alice, plan) -> License:
    return issue_license(actor=alice, plan=plan)


def url(license: License, page: str = "", base: str = AGENCY) -> str:
    return f"{base}{license.public_id}/{page}{'/' if page else ''}"


def send(client, license: License, page: str, base: str = AGENCY, **data):
    response = client.post(url(license, page, base), data)
    license.refresh_from_db()
    return response


def errors(response) -> str:
    assert response.status_code == 422
    return response.context["form"].errors.as_text()


def names(response) -> list[str]:
    return [page.name for page in response.context["deeds"]]


def test_page_offers_what_is_possible_to_whom_it_is(as_alice, as_bob, as_support, license, in_pool):
    selling = ["renew", "extend", "change-plan", "overrides", "grace", "rotate-key", "suspend", "transfer", "revoke"]
    assert names(as_alice.get(url(license))) == selling
    assert names(as_alice.get(url(in_pool)))[0] == "assign"
    assert names(as_bob.get(url(license, base="/o/bobs-shop/licenses/"))) == ["rotate-key", "suspend"]
    assert names(as_support.get(url(license))) == []


def test_assigning_chooses_among_ones_own_customers(as_alice, in_pool, shop, stranger):
    page = as_alice.get(url(in_pool, "assign"))
    assert page.context["form"].suggestions == [("bobs-shop", "Bob's shop")]
    foreign, absent = (send(as_alice, in_pool, "assign", customer=name) for name in (stranger.slug, "nobody"))
    assert errors(foreign) == errors(absent)
    assert send(as_alice, in_pool, "assign", customer=shop.public_id).url == url(in_pool)
    assert in_pool.organization == shop


def test_suspending_tells_what_stops_and_keeps_the_reason(as_alice, alice, license):
    make_widget(license)
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test"), parse_rule("shop.example.com")])
    body = as_alice.get(url(license, "suspend")).content.decode()
    assert "1 live widget on 2 allowed domains stops within seconds. 0 chats began there this month." in body
    assert "reason" in errors(send(as_alice, license, "suspend"))
    send(as_alice, license, "suspend", reason="An invoice is open")
    assert (license.suspended_by, license.suspend_reason) == (Level.RESELLER, "An invoice is open")


def test_nobody_lifts_what_a_higher_level_suspended(as_alice, as_bob, license):
    suspend_license(actor=None, license=license, reason="Abuse", now=timezone.now())
    assert send(as_alice, license, "reinstate").url == url(license)
    assert license.suspended_at
    assert "reinstate" not in names(as_alice.get(url(license)))
    assert "Abuse" in as_bob.get(url(license, base="/o/bobs-shop/licenses/")).content.decode()


def test_higher_level_takes_the_place_of_a_customers_own_pause(as_bob, as_alice, license):
    bobs = "/o/bobs-shop/licenses/"
    send(as_bob, license, "suspend", bobs, reason="Holidays")
    assert "by: Customer. Yours takes its place." in as_alice.get(url(license, "suspend")).content.decode()
    send(as_alice, license, "suspend", reason="An invoice is open")
    assert license.suspended_by == Level.RESELLER
    assert {"suspend", "reinstate"} & {*names(as_bob.get(url(license, base=bobs)))} == set()
    assert {"suspend", "reinstate"} & {*names(as_alice.get(url(license)))} == {"reinstate"}


def test_reinstating_lifts_it(as_alice, alice, license):
    suspend_license(actor=alice, license=license, reason="An invoice is open", now=timezone.now())
    send(as_alice, license, "reinstate")
    assert license.suspended_at is None


def test_renewing_twice_from_one_page_renews_once(as_alice, license):
    end = license.expires_at
    once = as_alice.get(url(license, "renew")).context["form"]["once"].value()
    for _ in range(2):
        send(as_alice, license, "renew", days="30", once=once)
    assert license.expires_at == end + timedelta(days=30)


def test_extending_to_an_earlier_day_is_refused(as_alice, license):
    end = license.expires_at
    assert "later day" in errors(send(as_alice, license, "extend", until="2020-01-01"))
    later = (end + timedelta(days=40)).date()
    send(as_alice, license, "extend", until=later.isoformat())
    assert (license.expires_at.date(), license.expires_at.hour) == (later, 23)


def test_smaller_plan_is_refused_with_the_list_of_what_is_over_and_forced_by_choice(as_alice, agency, license):
    small = create_plan(actor=None, code="small", name="Small", limits={"widgets": 1}, features=["n8n"])
    set_pool(actor=None, reseller=agency, plan_codes=["basic", "small"])
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    first = send(as_alice, license, "change-plan", plan=small.public_id)
    assert (first.status_code, first.context["form"].over) == (422, ["Domains: 1 in use, 0 allowed"])
    assert 'name="force"' in first.content.decode()
    assert 'name="force"' not in as_alice.get(url(license, "change-plan")).content.decode()
    assert license.plan.code == "basic"
    send(as_alice, license, "change-plan", plan=small.public_id, force="on")
    assert (license.plan, license.domain_rules.count()) == (small, 1)
    assert "More is in use than the licence allows" in as_alice.get(url(license)).content.decode()


def test_plan_of_others_is_as_absent_as_none(as_alice, license):
    secret = create_plan(actor=None, code="secret", name="Secret", limits={}, features=[])
    foreign, absent = (send(as_alice, license, "change-plan", plan=sent) for sent in (secret.public_id, "pln_0"))
    assert errors(foreign).replace(secret.public_id, "pln_0") == errors(absent)


def overrides(**changes) -> dict[str, str]:
    return {f"limit_{metric}_0": "inherit" for metric in Metric} | changes


def test_own_limits_come_out_of_the_pool_and_go_back_to_the_plans(as_alice, license):
    more = overrides(limit_widgets_0="number", limit_widgets_1="5", feature_n8n="removed")
    send(as_alice, license, "overrides", **more)
    assert (license.limit_overrides, license.features_removed) == ({"widgets": 5}, ["n8n"])
    too_many = overrides(limit_widgets_0="number", limit_widgets_1="7")
    assert "The pool is too small" in errors(send(as_alice, license, "overrides", **too_many))
    send(as_alice, license, "overrides", **overrides())
    assert (license.limit_overrides, license.features_removed) == ({}, [])


def test_reseller_grants_no_feature_beyond_the_plan(as_alice, as_operator, license):
    more = overrides(feature_api="added")
    assert "Only the platform" in errors(send(as_alice, license, "overrides", **more))
    send(as_operator, license, "overrides", base="/o/operations/licenses/", **more)
    assert license.features_added == ["api"]


def test_grace_is_the_plans_or_the_licences_own(as_alice, license):
    for sent, kept in (("3", 3), ("", None)):
        send(as_alice, license, "grace", days=sent)
        assert license.grace_days == kept


def test_what_means_two_customers_is_asked_back(as_alice, agency, in_pool, shop):
    second = create_customer(actor=None, reseller=agency, name="Second", reference=shop.slug)
    asked = errors(send(as_alice, in_pool, "assign", customer=shop.slug))
    assert {name in asked for name in (shop.public_id, second.public_id)} == {True}
    send(as_alice, in_pool, "assign", customer=second.public_id)
    assert in_pool.organization == second


def test_transfer_tells_what_moves_and_shows_the_new_key_once(as_alice, agency, license):
    make_widget(license)
    second = create_customer(actor=None, reseller=agency, name="Second")
    body = as_alice.get(url(license, "transfer")).content.decode()
    assert "Stays where it is: 1 widget with stored keys and connections, and 0 domains." in body
    assert "already" in errors(send(as_alice, license, "transfer", customer="bobs-shop"))
    response = send(as_alice, license, "transfer", customer=second.slug)
    heir = License.objects.get(organization=second)
    assert (license.revoked_at is not None, heir.transferred_from) == (True, license.public_id)
    shown = as_alice.get(response.url).context["rows"]
    assert [(row[0], row[3][-4:]) for row in shown] == [(heir.public_id, heir.key_last4)]
    assert as_alice.get(response.url).context["rows"] == []
    assert license.revoke_reason == "Moved to another customer"
    add_member(actor=None, organization=second, user=make_user("charlie"), role=Role.OWNER)
    theirs = logged_in(User.objects.get(name="charlie"))
    for page in ("", "history"):
        assert license.public_id not in theirs.get(url(heir, page, "/o/second/licenses/")).content.decode()


def test_new_key_lets_the_present_one_live_on(as_bob, license):
    former = license.key_digest
    response = send(as_bob, license, "rotate-key", base="/o/bobs-shop/licenses/", overlap="1")
    assert license.previous_key_digest == former
    assert as_bob.get(response.url).context["rows"][0][3].endswith(license.key_last4)


def test_button_pressed_twice_ends_no_key_that_is_in_use(as_bob, license):
    bobs, former = "/o/bobs-shop/licenses/", license.key_digest
    replaces = as_bob.get(url(license, "rotate-key", bobs)).context["form"]["replaces"].value()
    for _ in range(2):
        response = send(as_bob, license, "rotate-key", bobs, overlap="1", replaces=replaces)
    assert license.previous_key_digest == former
    assert [row[3][-4:] for row in as_bob.get(response.url).context["rows"]] == [license.key_last4]
    assert "The key before it" in as_bob.get(url(license, "rotate-key", bobs)).content.decode()


def test_websites_of_a_licence_in_the_pool_are_nobodys(as_alice, in_pool):
    answers = [as_alice.get(url(in_pool, "domains")), as_alice.post(url(in_pool, "domains"), {"domains": "shop.test"})]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_revoking_takes_the_id_typed_and_is_for_good(as_alice, license):
    wrong = send(as_alice, license, "revoke", reason="Over", typed="yes")
    assert "not the licence’s id" in errors(wrong)
    assert license.revoked_at is None
    send(as_alice, license, "revoke", reason="Over", typed=license.public_id)
    assert license.revoked_at
    assert names(as_alice.get(url(license))) == []
    assert all(as_alice.get(url(license, page.name)).url == url(license) for page in PAGES)


def test_history_tells_organizations_of_one_name_apart(as_alice, as_bob, agency, shop, license):
    Organization.objects.filter(pk=shop.pk).update(name=agency.name)
    send(as_bob, license, "rotate-key", "/o/bobs-shop/licenses/", overlap="0")
    line = as_alice.get(url(license, "history")).context["lines"][0]
    assert (line.what, line.who) == ("New key made", "Alice's agency")


def test_history_tells_each_side_its_own_people(as_alice, as_bob, as_operator, license):
    send(as_alice, license, "suspend", reason="An invoice is open")
    send(as_operator, license, "grace", base="/o/operations/licenses/", days="3")
    send(as_bob, license, "rotate-key", base="/o/bobs-shop/licenses/", overlap="0")

    def who(client, base: str) -> list[tuple[str, str]]:
        return [(line.what, line.who) for line in client.get(url(license, "history", base)).context["lines"]]

    whats = ["New key made", "Days of grace set", "Suspended", "Issued"]
    assert who(as_bob, "/o/bobs-shop/licenses/") == list(
        zip(whats, ["bob", "The platform", "Alice's agency", "Alice's agency"], strict=True)
    )
    assert who(as_alice, AGENCY) == list(zip(whats, ["Bob's shop", "The platform", "alice", "alice"], strict=True))
    assert who(as_operator, "/o/operations/licenses/") == list(
        zip(whats, ["bob", "operator", "alice", "alice"], strict=True)
    )


def test_customer_reads_nothing_of_the_time_before_it(as_alice, as_bob, in_pool):
    send(as_alice, in_pool, "grace", days="3")
    send(as_alice, in_pool, "assign", customer="bobs-shop")
    lines = as_bob.get(url(in_pool, "history", "/o/bobs-shop/licenses/")).context["lines"]
    assert [line.what for line in lines] == ["Assigned"]


@pytest.mark.parametrize("count", [1, 3])
def test_history_takes_the_same_queries_for_any_number(as_alice, license, count, django_assert_num_queries):
    for days in range(count - 1):
        send(as_alice, license, "grace", days=str(days))
    with django_assert_num_queries(6):  # session, user, memberships, licence, lines, whose people
        assert len(as_alice.get(url(license, "history")).context["lines"]) == count


def test_reseller_edits_its_customers_domains_in_its_own_name(as_alice, agency, license):
    as_alice.post(url(license, "domains"), {"domains": "shop.test"})
    event = AuditEvent.objects.get(action="license.domains_added")
    assert (event.actor.name, event.on_behalf_of) == ("alice", agency)


def test_licence_of_others_is_as_absent_as_none_on_every_page(as_alice, license, charlie, plan, stranger):
    theirs = issue_license(actor=charlie, plan=plan, organization=stranger)
    unheld = issue_license(actor=charlie, plan=plan)
    before = list(License.objects.order_by("pk").values())
    for page in ("", "history", "domains", *(page.name for page in PAGES)):
        absent = as_alice.get(f"{AGENCY}lic_0/{page}{'/' if page else ''}")
        for foreign in (theirs, unheld):
            answer = as_alice.get(url(foreign, page))
            assert (answer.status_code, answer.content) == (404, absent.content)
            if page not in ("", "history"):
                answer = as_alice.post(url(foreign, page), {"reason": "x"})
                assert (answer.status_code, answer.content) == (404, absent.content)
    assert list(License.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_support_and_customers_editors_do_nothing(as_support, as_operators_support, license, page):
    before = License.objects.values().get()
    answers = [
        as_support.post(url(license, page), {"reason": "x"}),
        as_operators_support.post(url(license, page, "/o/operations/licenses/"), {"reason": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert License.objects.values().get() == before


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.deed not in (Deed.SUSPEND, Deed.REINSTATE, Deed.ROTATE_KEY)]
)
def test_customer_does_only_what_is_its_own(as_bob, license, page):
    assert as_bob.post(url(license, page.name, "/o/bobs-shop/licenses/"), {"reason": "x"}).status_code == 403


def test_revoked_licence_stays_to_be_read(as_bob, license):
    revoke_license(actor=None, license=license, reason="Over", now=timezone.now())
    body = as_bob.get(url(license, base="/o/bobs-shop/licenses/")).content.decode()
    assert "Reason: Over" in body
