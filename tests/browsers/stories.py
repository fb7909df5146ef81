"""`make test-browsers`: what must work for every visitor and admin, in the engines of Firefox and Safari.

Not part of `make test`, whose Chromium sees everything else: it needs two more browsers.
"""

import pytest

from config.demo.seed import EMAIL
from tests.browsers.engines import ENTER, ESCAPE, Browser
from widgets.models import Widget

pytestmark = pytest.mark.database
LAUNCHER = "chat-dock >> button[aria-haspopup]"
SAYS = "return document.body?.innerText.includes(arguments[0])"
GREETING = "Hello! I am a demo agent."
CHATKIT_FIELD = "document.querySelector('openai-chatkit')?.shadowRoot?.querySelector('textarea')"


def test_visitor_chats_and_finds_the_chat_again(browser: Browser, demo_site: str) -> None:
    browser.goto(demo_site)
    browser.click(LAUNCHER)
    browser.enter("chat-dock >> iframe")
    browser.until("return document.querySelector('textarea') && document.hasFocus()")
    browser.type("hello" + ENTER)  # no click into the field
    browser.until(SAYS, GREETING)
    browser.reload()
    browser.top()
    browser.click(LAUNCHER)
    browser.enter("chat-dock >> iframe")
    browser.until(SAYS, GREETING)


def test_chat_is_opened_and_closed_by_keyboard(browser: Browser, demo_site: str) -> None:
    browser.goto(demo_site)
    focus = browser.find(LAUNCHER)
    browser.run("arguments[0].focus()", focus)
    for _ in range(3):
        browser.type(ENTER)
        browser.enter("chat-dock >> iframe")
        browser.until("return document.querySelector('textarea') && document.hasFocus()")
        browser.type(ESCAPE)
        browser.top()
        browser.until("return document.querySelector('chat-dock').shadowRoot.activeElement === arguments[0]", focus)
        assert browser.run("return arguments[0].getAttribute('aria-expanded')", focus) == "false"


def test_chatkit_opens_with_a_question(browser: Browser, demo_site: str) -> None:
    browser.goto(f"{demo_site}/beans")
    browser.find(LAUNCHER)
    browser.click("[data-ask]")
    browser.enter("chat-dock >> iframe")
    browser.until(f"return {CHATKIT_FIELD}?.value === 'What goes well with Low Tide?'")


def test_admin_sees_a_change_and_publishes_it(browser: Browser, demo: dict[str, str], product) -> None:
    widget = Widget.objects.get(public_id=demo["n8n_widget"])
    browser.goto(f"{product.dashboard}/o/{widget.organization.slug}/widgets/{widget.public_id}/")
    browser.replace("[name=login]", EMAIL)
    browser.replace("[name=password]", "a password for tests" + ENTER)
    see_title(browser, "Harbour Coffee")
    browser.replace("#f-texts-title", "Tea and more")
    see_title(browser, "Tea and more")
    browser.until("return document.querySelector('#save-state').innerText === 'All changes saved'")
    browser.click("[name=then_publish]")
    browser.click("#publish button")
    browser.until(SAYS, "version 2")
    widget.refresh_from_db()
    assert (widget.published.number, widget.published.configuration["texts"]["title"]) == (2, "Tea and more")


def see_title(browser: Browser, title: str) -> None:
    """In the configurator's preview."""
    browser.enter("#preview-frame")
    browser.enter("chat-dock >> iframe")
    browser.until("return document.querySelector('h1')?.innerText === arguments[0]", title)
    browser.top()
