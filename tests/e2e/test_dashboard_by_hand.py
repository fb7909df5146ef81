"""The dashboard's controls, each with a mouse and with a keyboard alone."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from accounts.permissions import Role
from accounts.services import add_member
from analytics.origins import Refusal, write_refusals
from licenses.models import License
from tests.build import PASSWORD, make_license, make_organization, make_user, make_widget
from tests.e2e.dashboard import log_in, violations
from widgets.models import PreviewLink, Widget
from widgets.services import save_draft

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(page, context, product, alice):
    """Goes to a page of the shop's as alice."""
    log_in(context, product, alice)
    return lambda path: page.goto(f"{product.dashboard}/o/alices-shop/{path}")


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def link(page, name: str):
    return page.get_by_role("link", name=name, exact=True)


def toast(page, text: str) -> None:
    expect(page.locator(".toasts .message").last).to_have_text(text)


def copied(page) -> str:
    expect(page.locator("#announcer")).to_have_text("Copied")
    return page.evaluate("navigator.clipboard.readText()")


CONNECTIONS = {
    "n8n": ("n8n workflow", "Webhook URL", "/n8n/webhook/demo/chat"),
    "chatkit": ("OpenAI ChatKit agent", "Workflow id", "wf_demo"),
}


@pytest.mark.parametrize("widget_type", ["n8n", "chatkit"])
def test_widget_goes_from_nothing_to_a_copied_snippet(page, context, product, alice, license, hand, widget_type):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    kind, field, value = CONNECTIONS[widget_type]
    refused = violations(page)
    page.goto(f"{product.dashboard}/")
    hand.type(page.get_by_label("E-mail"), "alice@example.com")
    hand.type(page.get_by_label("Password"), PASSWORD)
    hand.press(button(page, "Log in"))

    hand.press(link(page, "Create a widget"))
    hand.pick(page.get_by_role("radio", name=kind))
    hand.type(page.get_by_label("Name"), "Tea guide")
    hand.press(button(page, "Create widget"))
    toast(page, "“Tea guide” is there. Connect it, make it yours, then publish it.")
    hand.press(page.get_by_role("navigation", name="Widget").get_by_role("link", name="Connection"))
    hand.type(page.get_by_label(field), product.standins + value if widget_type == "n8n" else value)
    if widget_type == "chatkit":
        hand.type(page.get_by_role("textbox", name="OpenAI API key"), "sk-demo-key-of-alice")
    hand.press(button(page, "Test connection"))
    expect(page.get_by_role("heading", name="The connection works")).to_be_visible()
    hand.press(button(page, "Save and publish…"))
    hand.type(page.get_by_label("Note").first, "First")
    hand.press(button(page, "Publish"))
    toast(page, "Version 1 is live.")
    hand.press(link(page, "Install"))
    hand.press(button(page, "Copy for HTML"))
    widget = Widget.objects.get()
    assert copied(page).endswith(f'chat-widget.js?widget={widget.public_id}"></script>')
    hand.press(link(page, "Overview"))
    expect(page.get_by_text("5 of 7 done")).to_be_visible()
    hand.press(link(page, "Tea guide"))
    with context.expect_page() as opened:
        hand.press(link(page, "Open the chat (new tab)"))
    expect(opened.value.locator("#root")).not_to_be_empty()
    assert (widget.widget_type, widget.published.note, refused) == (widget_type, "First", [])


def test_first_steps_are_unfolded_copied_from_hidden_and_shown(page, context, product, visit, license, hand):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    make_widget(license)
    visit("")
    hand.press(page.get_by_text("5 of 7 done"))
    expect(page.get_by_text("Create a widget")).to_be_visible()
    hand.press(button(page, "Copy the tag"))
    assert "chat-widget.js?widget=" in copied(page)
    hand.press(button(page, "Hide the first steps"))
    hand.press(button(page, "Show the first steps"))
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()


def test_domains_are_edited(page, visit, license, hand):
    origins = ("https://seen.example.com", "https://evil.example.com")
    write_refusals([Refusal(license.organization_id, license.pk, name, datetime.now(UTC)) for name in origins])
    visit(f"licenses/{license.public_id}/domains/")
    hand.type(
        page.get_by_role("textbox", name="Domains"), "https://Tea.example.com/shop?a=1\n*.tea.example.com, 10.0.0.1"
    )
    hand.press(page.get_by_text("What an entry covers"))
    expect(page.get_by_text("Every subdomain at any depth")).to_be_visible()
    hand.press(button(page, "Add"))
    toast(page, "Added 2 domains.")
    expect(page.get_by_role("textbox", name="Domains")).to_have_value("10.0.0.1")
    hand.type(page.get_by_role("textbox", name="Domains"), "")
    hand.press(button(page, "Add www.shop.test"))
    hand.press(button(page, "Allow https://seen.example.com"))
    hand.press(button(page, "Dismiss https://evil.example.com"))
    expect(button(page, "Dismiss https://evil.example.com")).to_have_count(0)
    hand.press(link(page, "Remove… shop.test"))
    hand.press(link(page, "Keep it"))
    hand.press(link(page, "Remove… shop.test"))
    hand.press(button(page, "Remove shop.test"))
    hand.press(button(page, "Allow localhost"))
    expect(button(page, "Stop allowing localhost")).to_be_visible()
    license = License.objects.get()
    assert {str(rule) for rule in license.domain_rules.all()} == {
        *("tea.example.com", "*.tea.example.com", "www.shop.test", "seen.example.com")
    }
    assert license.allow_localhost


def test_list_is_filtered_and_worked_on_in_bulk(page, visit, license, hand):
    for name in ("Coffee", "Green tea", "Green teapot"):
        make_widget(license, name=name, publish=False)
    visit("widgets/")
    names = page.locator("tbody .title")
    hand.type(page.get_by_role("searchbox", name="Search"), "green")
    hand.press(button(page, "Show"))
    expect(names).to_have_text(["Green tea", "Green teapot"])
    hand.press(link(page, "Name"))
    expect(names).to_have_text(["Green teapot", "Green tea"])
    with page.expect_download() as download:
        hand.press(link(page, "Export CSV"))
    assert download.value.path().read_text().count("Green") == 2
    hand.choose(page.get_by_label("Type"), "OpenAI ChatKit agent")
    hand.press(button(page, "Show"))
    expect(page.get_by_role("heading", name="No widget matches “green”")).to_be_visible()
    hand.press(page.locator(".empty").get_by_role("link", name="Show all"))
    hand.switch(page.get_by_label("Select all of this page"))
    hand.switch(page.get_by_label("Select Coffee"))
    expect(page.get_by_text("2 selected:")).to_be_visible()
    hand.press(button(page, "Publish…"))
    hand.press(link(page, "Cancel"))
    hand.switch(page.get_by_label("Select Green tea", exact=True))
    hand.press(button(page, "Publish…"))
    hand.press(button(page, "Publish 1 widget"))
    toast(page, "1 widget published.")
    hand.switch(page.get_by_label("Select Green teapot"))
    hand.switch(page.get_by_label("Select Green tea", exact=True))
    hand.press(button(page, "Delete…"))
    hand.type(page.get_by_label("Type 2 to delete 2 widgets"), "2")
    hand.press(button(page, "Delete 2 widgets"))
    toast(page, "2 widgets deleted.")
    hand.press(page.get_by_role("button", name="Dismiss: 2 widgets deleted."))
    expect(page.locator(".toasts .message")).to_have_count(0)
    hand.press(link(page, "Coffee"))
    expect(page.get_by_role("heading", name="Coffee", level=1)).to_be_visible()


def test_bars_of_every_page(page, visit, alice, license, hand):
    make_organization("Alice's agency", alice)
    make_widget(license, name="Green tea", publish=False)
    visit("")
    palette = page.get_by_role("dialog", name="Search and commands")
    hand.press(button(page, "Search"))
    page.keyboard.type("green")
    expect(palette.get_by_role("status")).to_have_text("7 found")  # no longer what was there before it was typed
    hand.option(palette.get_by_role("option", name="Green tea n8n workflow", exact=True))
    expect(page.get_by_role("heading", name="Green tea", level=1)).to_be_visible()
    account, switcher = page.locator(".account summary"), page.locator(".switcher summary")
    hand.press(account)
    hand.press(button(page, "Dark"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    hand.press(switcher)
    expect(button(page, "Dark")).to_be_hidden()  # one menu at a time
    hand.press(link(page, "Alice's agency"))
    expect(page.get_by_role("heading", name="Alice's agency", level=1)).to_be_visible()
    hand.press(page.locator(".sections-more summary"))
    hand.press(page.locator(".sections-more").get_by_role("link").first)
    hand.press(account)
    hand.press(button(page, "Log out"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_versions_are_published_planned_restored_and_discarded(page, visit, license, hand):
    widget, day = make_widget(license), datetime.combine(date.today() + timedelta(days=30), time(9, 30))
    save_draft(actor=None, widget=widget, configuration={**widget.draft, "prompts": [{"label": "a", "prompt": "b"}]})
    visit(f"widgets/{widget.public_id}/publish/")
    hand.press(page.get_by_text("1 change since version 1"))
    expect(page.get_by_role("row", name="Starter prompts")).to_be_visible()
    hand.type(page.locator("#id_note"), "Prompts")
    hand.press(button(page, "Publish"))
    toast(page, "Version 2 is live.")
    hand.press(link(page, "Versions"))
    hand.press(page.get_by_text("1 change since the version before"))
    expect(page.get_by_role("row", name="Starter prompts")).to_be_visible()
    hand.press(link(page, "Restore… version 1"))
    hand.press(button(page, "Restore version 1"))
    toast(page, "The draft is version 1 again. Sites change when you publish.")
    hand.press(link(page, "Versions"))
    hand.press(link(page, "Discard the draft…"))
    hand.press(link(page, "Cancel"))
    hand.press(link(page, "Discard the draft…"))
    hand.press(button(page, "Discard the draft"))
    toast(page, "The draft is version 2 again. Sites change when you publish.")
    hand.press(link(page, "Publish…"))
    hand.moment(page.get_by_label("When"), day)
    hand.press(button(page, "Schedule"))
    expect(page.get_by_text(f"Scheduled for {day:%A, {day.day} %B %Y}, 09:30")).to_be_visible()
    hand.press(button(page, "Cancel the schedule"))
    hand.press(link(page, "Unpublish…"))
    hand.press(link(page, "Cancel"))
    hand.press(link(page, "Unpublish…"))
    hand.press(button(page, "Unpublish"))
    toast(page, "Sites no longer show this widget. Publish it to bring it back.")
    widget.refresh_from_db()
    assert (widget.published, widget.draft["prompts"][0]["label"]) == (None, "a")


def test_settings_of_a_widget(page, visit, license, hand):
    widget = make_widget(license)
    visit(f"widgets/{widget.public_id}/settings/")
    hand.type(page.get_by_label("Name", exact=True), "Tea")
    hand.press(button(page, "Rename"))
    toast(page, "The name is changed.")
    hand.press(button(page, "Switch off"))
    hand.press(button(page, "Switch on"))
    hand.press(button(page, "Duplicate"))
    expect(page.get_by_role("heading", name="Copy of Tea")).to_be_visible()
    hand.press(link(page, "Settings"))
    hand.type(page.get_by_label("Type the widget's name to delete it"), "Copy of Tea")
    hand.press(button(page, "Delete “Copy of Tea”"))
    toast(page, "“Copy of Tea” is deleted.")
    assert [(widget.name, widget.enabled) for widget in Widget.objects.all()] == [("Tea", True)]


def test_preview_is_shared_and_taken_back(page, context, product, visit, license, hand):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    visit(f"widgets/{make_widget(license).public_id}/share/")
    hand.choose(page.get_by_label("It works for"), "7 days")
    hand.press(button(page, "Make a link"))
    hand.press(button(page, "Copy the link"))
    assert copied(page) == page.locator("code[id^=address-]").inner_text()
    hand.press(page.get_by_text("QR code"))
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    assert PreviewLink.objects.count() == 1
    hand.press(page.get_by_role("button", name=re.compile("^Revoke")))
    expect(page.get_by_text("No link is live")).to_be_visible()


def test_connection_is_tried(page, context, product, standins, visit, license, hand, settings):
    settings.OUTBOUND_ALLOW = [product.standins.removeprefix("http://")]
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    widget = make_widget(license, connection={"url": f"{product.standins}/n8n/webhook/demo"})
    visit(f"widgets/{widget.public_id}/connection/")
    hand.choose(page.get_by_label("Trigger"), "Webhook")
    hand.press(button(page, "Test connection"))
    expect(page.get_by_role("heading", name="Run the workflow once?")).to_be_visible()
    assert dict(standins.state.executions) == {}
    hand.press(button(page, "Run it once and test"))
    expect(page.get_by_role("heading", name="The connection works")).to_be_focused()
    assert dict(standins.state.executions) == {"webhook:demo": 1}
    hand.press(page.get_by_text("Diagnostics to copy"))
    hand.press(button(page, "Copy diagnostics"))
    assert copied(page).startswith(f"Connection test of {widget.public_id} (n8n)")
    hand.press(button(page, "Open a test chat"))
    expect(page.frame_locator(".trial").get_by_role("textbox")).to_be_visible()
    hand.press(button(page, "Save draft"))
    toast(page, "The draft is saved. Sites change when you publish.")


def test_install_page_is_used(page, context, product, visit, license, hand):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    visit(f"widgets/{make_widget(license).public_id}/install/")
    hand.press(link(page, "In the page"))
    hand.type(page.get_by_label("Id of the element"), "help")
    hand.type(page.get_by_label("Height"), "500")
    hand.press(button(page, "Use these"))
    hand.tab(page.get_by_role("tab", name="React", exact=True), "ArrowRight")
    panel = page.get_by_role("tabpanel", name="React")
    expect(panel).to_contain_text('id="help"')
    hand.press(button(panel, "Copy for React"))
    assert copied(page) == panel.locator("pre code").text_content()
    with page.expect_download() as download:
        hand.press(link(panel, "Download for React"))
    assert download.value.suggested_filename.endswith(".jsx")
    hand.type(page.get_by_label("Address of the page"), "https://elsewhere.test/")
    hand.press(button(page, "Check"))
    expect(page.locator("#check-result [data-announce]")).to_be_visible()
    hand.press(button(page, "Copy Content-Security-Policy"))
    assert "frame-src" in copied(page)
    hand.press(link(page, "Edit domains"))
    expect(page.get_by_role("heading", name="Allowed domains")).to_be_visible()


def test_people_are_let_in_and_out(page, visit, alice, hand):
    agency = make_organization("Alice's agency", kind="reseller")
    shop = make_organization("Alice's shop", alice, parent=agency)
    make_license(shop)
    add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.EDITOR)
    visit("team/")
    hand.type(page.get_by_label("E-mail"), "charlie@example.com")
    hand.choose(page.get_by_label("Role"), "Editor")
    hand.press(button(page, "Send the invitation"))
    toast(page, "charlie@example.com has a mail with a link.")
    hand.press(button(page, "Send again to charlie@example.com"))
    hand.press(button(page, "Withdraw the invitation of charlie@example.com"))
    expect(page.get_by_role("heading", name="Invited")).to_have_count(0)
    hand.press(link(page, "bob"))
    hand.choose(page.get_by_label("Role"), "Admin")
    hand.press(button(page, "Save"))
    toast(page, "bob@example.com is changed.")
    hand.press(link(page, "bob"))
    hand.press(button(page, "Remove bob@example.com"))
    toast(page, "bob@example.com is no longer a member.")
    visit("access/")
    hand.switch(page.get_by_label("Change widgets and domains"))
    hand.choose(page.get_by_label("For how long"), "One day")
    hand.press(button(page, "Allow"))
    taking_back = page.get_by_role("button", name=re.compile("^Take back"))
    expect(taking_back).to_have_count(2)  # whoever changes something comes in
    hand.press(taking_back.first)
    expect(taking_back).to_have_count(1)


def test_machines_are_let_in_and_out(page, context, product, visit, license, hand):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.dashboard)
    visit("tokens/")
    hand.type(page.get_by_label("Name"), "Billing")
    hand.switch(page.get_by_label("licenses:read"))
    hand.press(button(page, "Create token"))
    hand.press(button(page, "Copy Token"))
    assert copied(page) == page.locator("#token").inner_text()
    hand.press(page.locator("summary", has_text="Revoke… Billing"))
    hand.press(button(page, "Revoke “Billing”"))
    toast(page, "“Billing” is revoked. Nothing can use it any more.")
    visit("webhooks/")
    hand.type(page.get_by_label("Address"), "https://hooks.example.com/events")
    hand.switch(page.get_by_label("widget.published"))
    hand.press(button(page, "Add endpoint"))
    hand.press(button(page, "Copy Signing secret"))
    hand.press(button(page, "Rotate the secret"))
    hand.press(button(page, "Switch off"))
    hand.press(button(page, "Switch on"))
    expect(button(page, "Switch off")).to_be_visible()
    hand.press(button(page, "Delete the endpoint"))
    toast(page, "The endpoint and its log are deleted.")
