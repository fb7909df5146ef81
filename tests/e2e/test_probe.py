"""“Test connection” in a browser: with typed values, by keyboard, with consent, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.build import PASSWORD, make_license, make_organization, make_user, make_widget
from tests.e2e.axe import BOTH, accessible
from tests.e2e.dashboard import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def alice(product):
    return make_user("alice")


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
    page.get_by_label("Authentication").select_option("basic")
    secret = page.get_by_label("Webhook credentials", exact=True)
    secret.fill("nocolon")
    button = page.get_by_role("button", name="Test connection")
    button.click()
    expect(page.get_by_role("heading", name="This cannot be tried yet")).to_be_visible()
    expect(secret).to_have_accessible_description(re.compile("Enter user:password, or the headers as a JSON object.$"))
    page.get_by_role("link", name="Webhook credentials").click()
    expect(secret).to_be_focused()
    expect(secret).to_have_attribute("aria-invalid", "true")
    secret.fill("demo:wrong")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The connection does not work yet")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("The connection does not work yet")
    expect(button).to_be_focused()
    expect(secret).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Authorization data is wrong!").first).to_be_visible()

    page.get_by_label("Webhook credentials", exact=True).fill("demo:pass:word")
    button.click()
    expect(page.get_by_role("heading", name="The connection works")).to_be_visible()
    expect(page.get_by_label("Webhook credentials", exact=True)).to_have_value("demo:pass:word")
    assert (dict(standins.state.executions), widget.credentials.count(), refused) == ({}, 0, [])


def test_login_that_ended_loses_nothing_that_was_typed(page, context, product, alice, widget):
    open_page(page, context, product, alice, widget)
    page.get_by_label("Authentication").select_option("basic")
    page.get_by_label("Webhook credentials", exact=True).fill("demo:pass:word")
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
