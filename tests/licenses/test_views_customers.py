import pytest
from django.utils import timezone

from accounts.guest_models import Invitation
from accounts.models import Organization
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.services import create_customer, issue_license, set_pool, suspend_license
from tests.build import make_widget
from widgets.services import delete_widget

pytestmark = pytest.mark.django_db
URL = "/o/alices-agency/customers/"


def chat(license, count: int = 1) -> None:
    for _ in range(count):
        take(
            license_id=license.pk,
            organization_id=license.organization_id,
            anchor_day=license.anchor_day,
            limits={Metric.SESSIONS_MONTH: -1},
            now=timezone.now(),
        )


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(as_alice, agency, plan, count, django_assert_num_queries):
    set_pool(actor=None, reseller=agency, pool=dict.fromkeys(("customers", "licenses", "widgets"), -1) | OPEN)
    for number in range(count):
        customer = create_customer(actor=None, reseller=agency, name=f"Customer {number}")
        issue_license(actor=None, plan=plan, organization=customer, issuer=agency)
    with django_assert_num_queries(8):  # session, user, memberships, count, customers, licences, usage, people
        rows = as_alice.get(URL).context["rows"]
    assert [(row.customer.name, row.licenses, row.people) for row in rows] == [
        (f"Customer {number}", 1, 0) for number in range(count)
    ]


OPEN = {"domains": -1, "sessions_month": -1}


def test_list_shows_the_state_that_needs_looking_at_and_the_chats_of_all_licences(as_alice, as_bob, agency, shop, plan):
    fine, stopped = (issue_license(actor=None, plan=plan, organization=shop, issuer=agency) for _ in range(2))
    suspend_license(actor=None, license=stopped, reason="An invoice is open", now=timezone.now())
    chat(fine, 3)
    [row] = as_alice.get(URL).context["rows"]
    assert (row.licenses, row.words.word, row.chats.text, row.people) == (2, "Suspended", "3 of 200", 1)


def test_page_shows_licences_meters_people_and_sites(as_alice, as_bob, agency, shop, plan):
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=agency)
    chat(license)
    context = as_alice.get(f"{URL}{shop.public_id}/").context
    [(shown, words, meters)] = context["rows"]
    assert (shown, words.word) == (license, "Active")
    assert [meter.text for meter in meters] == ["0 of 2", "0 of 3", "0 of 10", "1 of 100", "0 of 0"]
    assert (context["people"], context["sites"]) == (1, 0)


def test_deleted_widgets_count_nowhere(as_alice, shop, plan):
    license = issue_license(actor=None, plan=plan, organization=shop)
    kept, deleted = make_widget(license), make_widget(license)
    for widget in (kept, deleted):
        see(widget, f"https://{widget.public_id}.test")
    delete_widget(actor=None, widget=deleted)

    context = as_alice.get(f"{URL}{shop.public_id}/").context
    assert (context["rows"][0][2][0].text, context["sites"]) == ("1 of 2", 1)


def see(widget, origin: str) -> None:
    """A website that loaded it."""
    facts = {"organization_id": widget.organization_id, "origin": origin, "version": 1}
    widget.sightings.create(day=timezone.now().date(), last_at=timezone.now(), **facts)


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_licences(as_alice, shop, plan, count, django_assert_num_queries):
    for _ in range(count):
        issue_license(actor=None, plan=plan, organization=shop)
    with django_assert_num_queries(10):  # session, user, memberships, customer, licences, their 3 meters, people, sites
        assert len(as_alice.get(f"{URL}{shop.public_id}/").context["rows"]) == count


def test_customer_is_added_within_the_pool(as_alice, agency, shop):
    response = as_alice.post(f"{URL}new/", {"name": "Second", "reference": "1002"})
    second = Organization.objects.get(reference="1002")
    assert (response.url, second.parent) == (f"{URL}{second.public_id}/", agency)
    refused = as_alice.post(f"{URL}new/", {"name": "Third"})
    assert (refused.status_code, Organization.objects.filter(name="Third").count()) == (422, 0)
    assert "customers, 2 in all" in refused.content.decode()


def test_first_owner_is_invited(as_alice, agency, mailoutbox):
    as_alice.post(f"{URL}new/", {"name": "First", "owner": "charlie@example.com"})
    invitation = Invitation.objects.get()
    assert (invitation.organization.parent, invitation.role, len(mailoutbox)) == (agency, "owner", 1)


def test_reference_is_each_customers_own(as_alice, agency):
    for name in ("First", "Second"):
        response = as_alice.post(f"{URL}new/", {"name": name, "reference": "1001"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reference"])


def test_platform_sees_everybodys_customers_and_adds_its_own(as_operator, shop, stranger):
    base = "/o/operations/customers/"
    assert [row.customer for row in as_operator.get(base).context["rows"]] == [shop, stranger]
    as_operator.post(f"{base}new/", {"name": "Direct"})
    assert Organization.objects.get(name="Direct").parent is None


def test_customer_of_others_is_as_absent_as_none(as_alice, shop, stranger):
    foreign, absent = as_alice.get(f"{URL}{stranger.public_id}/"), as_alice.get(f"{URL}org_0/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert [row.customer for row in as_alice.get(URL).context["rows"]] == [shop]


def test_support_reads_and_adds_nobody(as_support, as_operators_support, shop):
    assert [as_support.get(f"{URL}{page}").status_code for page in ("", f"{shop.public_id}/")] == [200, 200]
    assert [as_support.post(f"{URL}{page}", {"name": "X"}).status_code for page in ("new/", "import/")] == [403, 403]
    assert as_operators_support.post("/o/operations/customers/new/", {"name": "X"}).status_code == 403
    assert Organization.objects.filter(name="X").count() == 0


def test_customers_have_no_customers(as_bob):
    pages = [f"/o/bobs-shop/{page}" for page in ("customers/", "customers/new/", "customers/customers.csv", "pool/")]
    assert [as_bob.get(page).status_code for page in pages] == [403] * 4


def test_pool_is_shown_as_it_is_taken(as_alice, as_support, as_operator, agency, shop, plan):
    issue_license(actor=None, plan=plan, organization=shop, issuer=agency)
    issue_license(actor=None, plan=plan, issuer=agency)
    context = as_alice.get("/o/alices-agency/pool/").context
    assert [meter.text for meter in context["meters"]] == ["1 of 2", "2 of 3", "4 of 6", "6 of 9", "200 of 300"]
    assert (context["waiting"], list(context["plans"])) == (1, [plan])
    assert as_support.get("/o/alices-agency/pool/").status_code == 200
    assert as_operator.get("/o/operations/pool/").status_code == 404
