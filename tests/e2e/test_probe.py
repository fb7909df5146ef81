"""“Test connection” in a browser: with typed values, by keyboard, with consent, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.build import PASSWORD, make_license, make_organization, make_widget
from tests.e2e.axe import BOTH, accessible
from tests.e2e.dashboard import log_in

pytestmark = pytest.mark.browser
KEYS = {"\t": "Tab", "\n": "Enter"}


@pytest.fixture
def widget(alice, product, settings):
    settings.OUTBOUND_ALLOW = [product.standins.removeprefix("http://")]
    license = make_license(make_organization("Alice's shop", alice))
    return make_widget(license, connection={"url": f"{product.standins}/n8n/webhook/demo/chat"})


def open_page(page, context, product, alice, widget) -> None:
    log_in(context, product, alice)
    page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/connection/")


def test_typed_values_are_tried_in_place(page, context, product, alice, widget, standins):
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    open_page(page, context, product, alice, widget)
    page.get_by_label("Webhook URL").fill(f"{product.standins}/n8n/webhook/basic-auth/chat")
    expect(page.get_by_role("group", name="Webhook credentials")).to_be_hidden()
    page.get_by_label("Authentication").select_option("basic")
    user, password = page.get_by_label("User"), page.get_by_label("Password", exact=True)
    user.fill("demo")
    button = page.get_by_role("button", name="Test connection")
    button.click()
    expect(page.get_by_role("heading", name="This cannot be tried yet")).to_be_visible()
    expect(password).to_have_accessible_description(
        re.compile("Enter user:password, or the headers as a JSON object.$")
    )
    page.get_by_role("link", name="Webhook credentials").click()
    expect(user).to_be_focused()
    expect(user).to_have_attribute("aria-invalid", "true")
    assert accessible(page)
    password.fill("wrong")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The connection does not work yet")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("The connection does not work yet")
    expect(button).to_be_focused()
    expect(user).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Authorization data is wrong!").first).to_be_visible()

    password.fill("")
    user.fill("demo:pass:word")  # pasted as one
    expect(password).to_have_value("pass:word")
    expect(password).to_be_focused()
    button.click()
    expect(page.get_by_role("heading", name="The connection works")).to_be_visible()
    expect(user).to_have_value("demo")
    assert "pass:word" not in page.content()
    assert (dict(standins.state.executions), widget.credentials.count(), refused) == ({}, 0, [])


def test_login_that_ended_loses_nothing_that_was_typed(page, context, product, alice, widget):
    open_page(page, context, product, alice, widget)
    page.get_by_label("Authentication").select_option("basic")
    page.get_by_label("User").fill("demo")
    page.get_by_label("Password", exact=True).fill("pass:word")
    context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    dialog = page.get_by_role("dialog", name="First show that it is you")
    expect(dialog).to_be_visible()
    assert accessible(page)
    with context.expect_page() as opened:
        dialog.get_by_role("link", name="Log in (new tab)").click()
    opened.value.get_by_label("E-mail").fill("alice@example.com")
    opened.value.get_by_label("Password", exact=True).fill(PASSWORD)
    opened.value.keyboard.press("Enter")
    expect(opened.value.get_by_role("heading", name="You are logged in")).to_be_visible()
    opened.value.close()
    dialog.get_by_role("button", name="I am logged in, go on").click()  # with a CSRF token that is not the form's
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert widget.credentials.get().kind == "n8n_auth"


def test_custom_server_is_entered_by_its_parts_by_keyboard(page, context, product, alice, widget, standins):
    standins.state.authorization = "Bearer right"
    agent = make_widget(widget.license, "chatkit", publish=False)
    open_page(page, context, product, alice, agent)
    assert page.get_by_label("Server URL").is_hidden()
    page.get_by_label("Backend").select_option("custom")
    page.get_by_label("Server URL").fill(f"{product.standins}/chatkit-server")
    assert [page.get_by_label(label).is_hidden() for label in ("Workflow id", "Workflow version")] == [True, True]
    page.get_by_label("Header", exact=True).focus()
    for text in ("X-Unused", "\t1", "\t\t\n", "Authorization", "\tBearer right"):
        for key in re.findall(r"[^\t\n]+|\t|\n", text):
            page.keyboard.press(KEYS[key]) if key in KEYS else page.keyboard.type(key)
    first = page.get_by_role("group", name="Header 1")
    first.get_by_role("button", name="Remove").press("Enter")
    assert accessible(page)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("heading", name="The connection works")).to_be_visible()
    call = standins.state.received_by("chatkit-server")[0]
    assert (call.headers["authorization"], "x-unused" in call.headers) == ("Bearer right", False)
    page.get_by_label("Server URL").fill("nonsense")
    page.get_by_label("Backend").select_option("hosted")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Server URL")).to_be_visible()  # it is what is wrong
    assert page.get_by_label("Workflow id").input_value() == "wf_demo"


def test_wrong_headers_are_told_before_they_are_sent(page, context, product, alice, widget):
    open_page(page, context, product, alice, make_widget(widget.license, "chatkit", publish=False))
    page.get_by_label("Backend").select_option("custom")
    name, value = page.get_by_label("Header", exact=True), page.get_by_label("Value", exact=True)
    value.fill("abc")
    for typed, told in (("", "This value has no header."), ("X A", "“X A” cannot be the name of a header.")):
        name.fill(typed)
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_role("alert").filter(has_text=told)).to_be_visible()
        expect(name).to_be_focused()
    expect(value).to_have_value("abc")
    assert accessible(page)


@pytest.mark.parametrize("mode", ["inactive", "demo"])
def test_result_is_accessible(page, context, product, alice, widget, mode):
    open_page(page, context, product, alice, widget)
    page.get_by_label("Webhook URL").fill(f"{product.standins}/n8n/webhook/{mode}{'/chat' if mode != 'demo' else ''}")
    page.get_by_label("Trigger").select_option("webhook" if mode == "demo" else "chat_trigger")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("Diagnostics to copy")).to_be_visible()
    page.get_by_text("Diagnostics to copy").click()
    assert accessible(page, *BOTH)


def test_without_scripts_the_result_is_a_page(chromium, product, alice, widget):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    open_page(page, context, product, alice, widget)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("heading", name="The connection works")).to_be_visible()
    page.get_by_role("link", name="Back to Connection").click()
    expect(page.get_by_label("Webhook URL")).to_be_visible()
    context.close()
