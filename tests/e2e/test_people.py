"""People in a browser: from signing up to a passkey, and from an invitation to the team."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import expect

from accounts.models import Membership
from accounts.permissions import Role
from tests.accounts.people import code
from tests.build import PASSWORD, make_license, make_organization, make_user
from tests.e2e.axe import accessible
from tests.e2e.dashboard import log_in

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def mails(product):
    """The addresses in the last mail, of which the product's process leaves each in a file."""
    for old in product.mails.glob("*"):
        old.unlink()

    def link() -> str:
        last = max(product.mails.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return re.search(r"http://localhost\S+", last.read_text())[0]

    return link


def sign_up(page, email: str | None = None) -> None:
    if email:
        page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()


def log_in_elsewhere(email: str) -> None:
    client = Client()
    client.post("/login/", {"login": email, "password": PASSWORD})
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert client.post("/mfa/authenticate/", {"code": recovery}).status_code == 302


def set_up_app(page, product) -> None:
    page.goto(f"{product.dashboard}/mfa/")
    page.get_by_role("link", name="Set up an app").click()
    accessible(page)
    page.get_by_label("Authenticator code").fill(code(page.locator("code.key").inner_text()))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def add_passkey(page, product) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{product.dashboard}/mfa/webauthn/add/")
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()


def test_person_signs_up_and_logs_in_with_a_passkey_alone(page, product, mails):
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    page.goto(f"{product.dashboard}/login/")
    page.get_by_role("link", name="Make an account").click()
    accessible(page)
    sign_up(page, "alice@example.com")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(mails())
    page.get_by_role("button", name="Yes, confirm").click()
    page.get_by_label("Name of your organization").fill("Alice's shop")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/o/alices-shop/**")

    set_up_app(page, product)
    add_passkey(page, product)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/o/alices-shop/**")

    log_in_elsewhere("alice@example.com")
    page.goto(f"{product.dashboard}/sessions/")
    expect(page.get_by_text("This one")).to_have_count(1)
    page.get_by_role("button", name="Log out everywhere else").click()
    expect(page.get_by_text("Logged out in 1 other place.")).to_be_visible()
    accessible(page)
    assert refused == []


def test_invited_person_joins_the_team(page, context, product, chromium, mails):
    alice = make_user("alice")
    make_license(make_organization("Alice's shop", alice))
    log_in(context, product, alice)
    page.goto(f"{product.dashboard}/o/alices-shop/team/")
    page.get_by_label("E-mail").fill("bob@example.com")
    page.get_by_label("Role").select_option("admin")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("bob@example.com has a mail with a link.")).to_be_visible()
    accessible(page)

    elsewhere = chromium.new_context()
    bobs = elsewhere.new_page()
    bobs.goto(mails())
    accessible(bobs)
    bobs.get_by_role("link", name="Make an account").click()
    expect(bobs.get_by_label("E-mail")).to_have_value("bob@example.com")
    sign_up(bobs)
    bobs.get_by_role("button", name="Join").click()
    expect(bobs.get_by_text("You are a member of Alice's shop now.")).to_be_visible()
    elsewhere.close()

    page.reload()
    page.get_by_role("link", name="bob@example.com").click()
    page.get_by_label("Role").select_option("editor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("bob@example.com is changed.")).to_be_visible()
    assert Membership.objects.get(user__email="bob@example.com").role == Role.EDITOR
