"""Typed secrets in a test chat, a shared preview, two admins in two browsers, a login that ended, a plan to publish."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member, reinstate_organization, suspend_organization
from embed.models import VisitorSession
from tests.build import make_user
from tests.e2e.axe import accessible
from tests.e2e.configurator import draft, saved, state, title
from tests.e2e.dashboard import log_in, violations
from tests.e2e.loader_page import until
from tests.e2e.test_dashboard import press, tab_to
from widgets.models import PlannedPublication, Widget

pytestmark = pytest.mark.browser

ANSWER = ".message.assistant:not(.greeting):not(.typing) .bubble"


# In one breath: a slow machine would store it by itself before the button is pressed.
TYPE_AND_PUBLISH = """(field, text) => {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("[name=then_publish]").click();
}"""


@pytest.mark.parametrize("widget_type", ["n8n", "chatkit"])
def test_typed_and_unsaved_secrets_chat_on_the_connection_page(page, product, standins, configurator, widget_type):
    typed = {
        "chatkit": ("OpenAI API key", "sk-demo-typed-and-not-saved"),
        "n8n": ("Password", "typed"),
    }
    refused = violations(page)
    configurator(widget_type, publish=False)
    page.get_by_role("navigation", name="Widget").get_by_role("link", name="Connection").click()
    page.wait_for_load_state()  # its scripts, too
    label, secret = typed[widget_type]
    if widget_type == "n8n":
        page.get_by_label("Authentication").select_option("basic")
        page.get_by_label("User").fill("alice")
    field = page.get_by_role("textbox", name=label)
    field.fill(secret)
    press(page, "button", "Open a test chat")
    expect(page.locator("#announcer")).to_have_text("The test chat is open")
    chat = page.frame_locator(".trial")
    if widget_type == "n8n":
        chat.get_by_role("textbox").fill("Hello")
        page.keyboard.press("Enter")
        expect(chat.locator(ANSWER).first).to_be_visible()
        sent = standins.state.received_by("n8n")[-1].headers["authorization"]
        assert sent == "Basic YWxpY2U6dHlwZWQ="
    else:
        expect(chat.get_by_text("What can I help with today?")).to_be_visible()
        sent = standins.state.received_by("openai", "/sessions")[-1].headers["authorization"]
        assert sent == f"Bearer {secret}"
    # The configurator's preview may have begun one before.
    tests = set(VisitorSession.objects.values_list("is_test", flat=True))
    assert (tests, accessible(page), refused) == ({True}, True, [])
    expect(field).to_have_value(secret)  # still there to be saved


def test_preview_is_shared_seen_without_a_login_and_revoked(page, chromium, product, configurator):
    refused = violations(page)
    configurator(configuration={"texts": {"title": "Only a draft"}}, publish=False)
    page.get_by_role("link", name="Share…").click()
    press(page, "button", "Make a link")
    page.get_by_text("QR code").click()
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    assert accessible(page)
    url = page.locator("code[id^=address-]").inner_text()
    stranger = chromium.new_context(viewport={"width": 390, "height": 844})
    phone = stranger.new_page()
    phone_refused = violations(phone)
    phone.goto(url)
    phone.locator("chat-dock button").first.click()
    chat = phone.frame_locator("chat-dock iframe")
    expect(chat.get_by_role("heading", name="Only a draft")).to_be_visible()
    chat.get_by_role("textbox").fill("Hello")
    chat.get_by_role("textbox").press("Enter")
    expect(chat.locator(ANSWER).first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(page.get_by_text("No link is live")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="This preview is not available")).to_be_visible()
    assert (accessible(phone), refused, phone_refused) == (True, [], [])
    stranger.close()
    assert VisitorSession.objects.get().is_test


@pytest.fixture
def bobs_page(chromium, product):
    """The same configurator in another person's browser."""
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)

    def opened(widget):
        bob = make_user("bob")
        add_member(actor=None, organization=widget.organization, user=bob, role=Role.EDITOR)
        log_in(context, product, bob)
        page = context.new_page()
        page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/")
        return page

    yield opened
    context.close()


def test_two_admins_in_two_browsers(page, bobs_page, configurator):
    alice = page
    widget = configurator()
    bob = bobs_page(widget)
    title(bob).fill("Bob's")
    bob.get_by_label("Greeting").fill("One\nTwo")
    saved(bob)

    alice.get_by_label("Subtitle").fill("Alice's")  # she still has the first revision
    expect(alice.get_by_role("dialog")).to_be_visible()
    alice.get_by_role("button", name="See the difference").click()
    expect(alice.get_by_role("row", name="Texts: Title Bob's How can we help?")).to_be_visible()
    assert alice.get_by_role("cell", name="One Two").inner_text() == "One\nTwo"
    assert accessible(alice)
    alice.get_by_role("button", name="Overwrite theirs").click()
    saved(alice)
    assert (draft()["texts"]["title"], draft()["texts"]["subtitle"]) == ("How can we help?", "Alice's")

    title(bob).fill("Bob's again")
    expect(bob.get_by_role("dialog")).to_be_visible()
    press(bob, "button", "Take theirs")
    expect(bob.get_by_label("Subtitle")).to_have_value("Alice's")
    expect(title(bob)).to_have_value("How can we help?")
    bob.keyboard.press("ControlOrMeta+Z")  # his is not gone
    expect(title(bob)).to_have_value("Bob's again")
    bob.keyboard.press("ControlOrMeta+Shift+Z")
    title(bob).fill("Both")  # from here on he builds on hers
    saved(bob)
    assert (draft()["texts"]["title"], draft()["texts"]["subtitle"]) == ("Both", "Alice's")


def test_login_that_ended_and_role_that_was_lost_keep_the_work(page, context, product, configurator):
    configurator()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    context.clear_cookies()
    title(page).evaluate(TYPE_AND_PUBLISH, "Kept")
    dialog = page.get_by_role("dialog", name="You are logged out")
    expect(dialog).to_be_visible()
    assert accessible(page)
    press(page, "button", "I am logged in, go on")
    expect(dialog).to_contain_text("You are not logged in yet.")
    log_in(context, product, User.objects.get())
    other = context.new_page()  # logging in anywhere brings a new CSRF token
    other.goto(f"{product.dashboard}/o/alices-shop/widgets/new/")
    other.close()
    press(page, "button", "I am logged in, go on")
    expect(dialog).to_be_hidden()
    saved(page)
    assert draft()["texts"]["title"] == "Kept"

    suspend_organization(actor=None, organization=Organization.objects.get(), now=timezone.now())
    title(page).fill("Kept too")
    expect(state(page)).to_have_text("Not saved: The organization is suspended: it can be looked at, and not changed.")
    reinstate_organization(actor=None, organization=Organization.objects.get())
    Membership.objects.update(role=Role.ANALYST)
    title(page).fill("Kept, too")
    expect(state(page)).to_contain_text("your role does not let you change this widget any more")
    page.get_by_role("link", name="Licences").click()  # stopped: it is not saved
    until(page, lambda: asked, ["beforeunload"])
    expect(title(page)).to_have_value("Kept, too")
    Membership.objects.update(role=Role.OWNER)
    page.get_by_role("button", name="Save draft").click()
    saved(page)
    Membership.objects.all().delete()
    title(page).fill("Gone")
    expect(state(page)).to_contain_text("you no longer belong to its organization")
    assert draft()["texts"]["title"] == "Kept, too"


def test_publication_is_planned_by_keyboard_in_the_persons_zone(chromium, product, configurator, page):
    configurator()
    cookies = page.context.cookies()
    elsewhere = chromium.new_context(timezone_id="Asia/Tokyo", reduced_motion="reduce")
    elsewhere.add_cookies(cookies)
    page = elsewhere.new_page()
    refused = violations(page)
    widget = Widget.objects.get()
    page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/publish/")
    expect(page.get_by_text("In your time zone: Asia/Tokyo.")).to_be_visible()
    expect(page.get_by_text("In the last 7 days: loaded on no website.")).to_be_visible()
    day = date.today() + timedelta(days=30)
    page.get_by_label("When").fill(f"{day}T09:00")
    press(page, "button", "Schedule")
    expect(page.get_by_text(f"Scheduled for {day:%A, {day.day} %B %Y}, 09:00 (Asia/Tokyo)")).to_be_visible()
    assert (accessible(page), refused) == (True, [])
    planned = PlannedPublication.objects.get()
    assert f"{planned.publish_at:%Y-%m-%dT%H:%M}" == f"{day}T00:00"
    press(page, "button", "Cancel the schedule")
    expect(page.get_by_text("The schedule is cancelled.")).to_be_visible()
    tab_to(page, "link", "Unpublish…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Unpublish?")).to_be_visible()
    assert accessible(page)
    elsewhere.close()
