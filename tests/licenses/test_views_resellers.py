import pytest

from accounts.guest_models import Invitation
from accounts.models import Organization
from licenses.entitlements import Pool
from licenses.models import ResellerAccount
from licenses.services import issue_license
from tests.build import make_organization

pytestmark = pytest.mark.django_db
URL = "/o/operations/resellers/"


def sent(**changes) -> dict[str, object]:
    limits = {f"pool_{name}_0": "number" for name in Pool.model_fields}
    numbers = {f"pool_{name}_1": "5" for name in Pool.model_fields}
    return limits | numbers | {"mode": "reserve", "plan_codes": ["basic"]} | changes


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(as_operator, count, django_assert_num_queries):
    for number in range(count):
        make_organization(f"Reseller {number}", kind="reseller")
    with django_assert_num_queries(7):  # session, user, memberships, count, resellers, customers, licences
        rows = as_operator.get(URL).context["rows"]
    assert [(reseller.name, customers, licenses) for reseller, customers, licenses in rows] == [
        (f"Reseller {number}", 0, 0) for number in range(count)
    ]


def test_list_counts_customers_and_licences(as_operator, agency, shop, plan):
    issue_license(actor=None, plan=plan, organization=shop, issuer=agency)
    assert as_operator.get(URL).context["rows"] == [(agency, 1, 1)]


def test_reseller_is_made_with_its_pool(as_operator, plan):
    response = as_operator.post(f"{URL}new/", sent(name="Quayside", pool_domains_0="unlimited"))
    account = ResellerAccount.objects.get()
    assert response.url == f"{URL}{account.organization.public_id}/"
    assert (account.organization.name, account.organization.kind) == ("Quayside", "reseller")
    assert account.limits() == Pool(customers=5, licenses=5, widgets=5, domains=-1, sessions_month=5)
    assert (account.plan_codes, account.mode) == (["basic"], "reserve")


def test_first_owner_is_invited(as_operator, plan, mailoutbox):
    as_operator.post(f"{URL}new/", sent(name="Quayside", owner="charlie@example.com"))
    invitation = Invitation.objects.get()
    assert (invitation.organization.name, invitation.role) == ("Quayside", "reseller_owner")
    assert [mail.to for mail in mailoutbox] == [["charlie@example.com"]]


def test_plan_that_is_not_there_is_refused(as_operator, plan):
    response = as_operator.post(f"{URL}new/", sent(name="Quayside", plan_codes=["gold"]))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["plan_codes"])
    assert Organization.objects.filter(name="Quayside").count() == 0


def test_pool_is_not_made_smaller_than_what_is_taken(as_operator, agency, shop, plan):
    issue_license(actor=None, plan=plan, organization=shop, issuer=agency)
    path = f"{URL}{agency.public_id}/pool/"
    response = as_operator.post(path, sent(pool_widgets_1="1"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["pool_widgets"])
    assert as_operator.post(path, sent(pool_widgets_1="2", pool_sessions_month_1="100")).status_code == 302
    assert ResellerAccount.objects.get().limits().widgets == 2
    assert as_operator.get(f"{URL}{agency.public_id}/").context["meters"][2].text == "2 of 2"


def test_reseller_of_the_operators_admin_gets_its_pool_here(as_operator, plan):
    made = make_organization("Quayside", kind="reseller")
    page = as_operator.get(f"{URL}{made.public_id}/")
    assert [meter.text for meter in page.context["meters"]] == ["0 of 0"] * 5
    assert as_operator.post(f"{URL}{made.public_id}/pool/", sent()).status_code == 302
    assert made.reseller_account.plan_codes == ["basic"]


def test_what_is_no_reseller_is_absent(as_operator, agency, shop):
    foreign, absent = as_operator.get(f"{URL}{shop.public_id}/"), as_operator.get(f"{URL}org_0/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert as_operator.post(f"{URL}{shop.public_id}/pool/", sent()).status_code == 404


def test_only_the_platforms_admins_come_in(as_operators_support, as_alice, as_bob, agency):
    pages = ["", "new/", f"{agency.public_id}/", f"{agency.public_id}/pool/"]
    assert [as_operators_support.get(f"{URL}{page}").status_code for page in pages] == [403] * 4
    assert [as_alice.get(f"{URL}{page}").status_code for page in pages] == [404] * 4
    assert [as_alice.get(f"/o/alices-agency/resellers/{page}").status_code for page in pages] == [403] * 4
    assert as_bob.get("/o/bobs-shop/resellers/").status_code == 403
