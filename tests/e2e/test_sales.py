"""The business in a browser: an operator makes a plan and a reseller, who sells it, and the customer takes it."""

import pytest
from playwright.sync_api import expect

from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.models import License
from tests.build import make_organization, make_user
from tests.e2e.axe import accessible
from tests.e2e.dashboard import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def enter(page, context, product):
    """Another person comes to the screen."""
    page.set_viewport_size({"width": 390, "height": 844})

    def enter(user: User, path: str) -> None:
        context.clear_cookies()
        log_in(context, product, user)
        page.goto(f"{product.dashboard}/o/{path}")

    return enter


def fits(page) -> None:
    assert accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def choose(page, label: str, number: str) -> None:
    """A limit: its word, and then the number that this shows."""
    expect(page.get_by_label(f"{label}: how many", exact=True)).to_be_hidden()
    page.get_by_label(label, exact=True).select_option("A number")
    page.get_by_label(f"{label}: how many", exact=True).fill(number)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_plan_becomes_a_customers_licence(page, enter):
    operator, alice, bob = make_user("operator"), make_user("alice"), make_user("bob")
    make_organization("Operations", operator, kind="platform")
    enter(operator, "operations/plans/")
    make_plan(page)
    agency = make_reseller(page)
    add_member(actor=None, organization=agency, user=alice, role=Role.RESELLER_OWNER)

    enter(alice, "alices-agency/customers/")
    shop = make_customer(page, agency)
    add_member(actor=None, organization=shop, user=bob, role=Role.OWNER)
    key = issue(page)

    enter(bob, "bobs-shop/licenses/")
    claim(page, key)

    license = License.objects.get()
    enter(alice, f"alices-agency/licenses/{license.public_id}/")
    suspend(page)
    give_more(page)
    assert make_new_key(page) != key
    license.refresh_from_db()
    assert (license.organization, license.suspended_by, license.limit_overrides) == (shop, "reseller", {"widgets": 4})


def make_plan(page) -> None:
    page.get_by_role("link", name="New plan").click()
    page.get_by_label("Name").fill("Starter")
    page.get_by_label("Code").fill("starter")
    for label, number in (("Widgets", "2"), ("Domains", "3"), ("Chats a month", "100")):
        choose(page, label, number)
    page.get_by_label("n8n widgets").check()
    fits(page)
    press(page, "Make the plan")
    expect(page.get_by_text("Starter (v1) is there.")).to_be_visible()


def make_reseller(page) -> Organization:
    page.get_by_role("link", name="Resellers").click()
    page.get_by_role("link", name="New reseller").click()
    page.get_by_label("Name").fill("Alice's agency")
    for label in ("Customers", "Licences", "Widgets", "Domains", "Chats a month"):
        choose(page, label, "300")
    page.get_by_label("Starter").check()
    press(page, "Make the reseller")
    expect(page.get_by_role("heading", name="Alice's agency")).to_be_visible()
    fits(page)
    return Organization.objects.get(kind="reseller")


def make_customer(page, agency: Organization) -> Organization:
    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Name").fill("Bob's shop")
    press(page, "Add the customer")
    expect(page.get_by_role("heading", name="Bob's shop")).to_be_visible()
    fits(page)
    return Organization.objects.get(parent=agency)


def issue(page) -> str:
    """Into the pool; the key."""
    page.get_by_role("link", name="Licences").click()
    page.get_by_role("link", name="Issue licences").click()
    fits(page)
    press(page, "Issue")
    key = page.locator("pre code").inner_text()
    fits(page)
    with page.expect_download() as download:
        press(page, "Download as CSV, once")
    assert key in download.value.path().read_text()
    return key


def claim(page, key: str) -> None:
    page.get_by_role("link", name="Claim with a key").click()
    page.get_by_label("Licence key").fill("cdk_no")
    press(page, "Claim")
    expect(page.get_by_label("Licence key")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Licence key")).to_have_value("cdk_no")
    page.get_by_label("Licence key").fill(key.lower())
    press(page, "Claim")
    expect(page.get_by_text("Active")).to_be_visible()
    fits(page)


def suspend(page) -> None:
    page.get_by_role("link", name="Suspend…").click()
    page.get_by_label("Reason").fill("An invoice is open")
    fits(page)
    press(page, "Suspend")
    expect(page.get_by_text("Suspended", exact=True)).to_be_visible()


def give_more(page) -> None:
    page.get_by_role("link", name="Limits and features of its own…").click()
    choose(page, "Widgets", "4")
    fits(page)
    press(page, "Save")
    expect(page.get_by_text("this licence’s own")).to_be_visible()


def make_new_key(page) -> str:
    page.get_by_role("link", name="Make a new key…").click()
    press(page, "Make a new key")
    return page.locator("pre code").inner_text()
