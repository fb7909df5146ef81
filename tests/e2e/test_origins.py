"""Websites that show the chat, and websites that try to: from a visitor's browser to the owner's dashboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from analytics.models import SeenOrigin, Sighting
from tests.build import make_license, make_organization, make_user, make_widget
from tests.e2e.axe import BOTH, accessible
from tests.e2e.chat_site import NOT_HERE, SHOP, open_chat, tag
from tests.e2e.dashboard import log_in
from tests.e2e.sites import Sites

pytestmark = pytest.mark.browser
EVIL = "https://evil.test/"


@pytest.fixture
def alice(secure_product):
    return make_user("alice")


@pytest.fixture
def widget(alice, secure_product, settings):
    settings.OUTBOUND_ALLOW = [secure_product.standins.removeprefix("http://")]
    settings.SESSION_COOKIE_NAME = "__Host-session"
    license = make_license(make_organization("Alice's shop", alice))
    return make_widget(license, connection={"url": f"{secure_product.standins}/n8n/webhook/demo/chat"})


def dashboard(page: Page, product: Any, widget: Any, name: str) -> None:
    parts = {
        "install": f"widgets/{widget.public_id}/install/",
        "domains": f"licenses/{widget.license.public_id}/domains/",
    }
    page.goto(f"{product.dashboard}/o/alices-shop/{parts[name]}")


def written(page: Page, model: Any) -> None:
    """Waits for the next batch."""
    for _ in range(150):
        if model.objects.exists():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"no {model.__name__} was written")


def test_refused_site_is_allowed_with_one_click(
    page: Page, context: Any, site: Sites, secure_product: Any, alice: Any, widget: Any
) -> None:
    page.goto(site.page(EVIL, tag(widget)))
    expect(open_chat(page).get_by_text(NOT_HERE)).to_be_visible()
    written(page, SeenOrigin)

    log_in(context, secure_product, alice)
    dashboard(page, secure_product, widget, "domains")
    expect(page.get_by_text("1 time, last on")).to_be_visible()
    page.get_by_text("What an entry covers").click()
    assert accessible(page, *BOTH)
    page.get_by_role("button", name="Allow https://evil.test").click()
    expect(page.get_by_text("Added 1 domain.")).to_be_visible()
    expect(page.get_by_text("None. A website that tries")).to_be_visible()

    page.goto(EVIL)
    expect(open_chat(page).get_by_role("textbox")).to_be_visible()


def test_refused_site_is_dismissed(
    page: Page, context: Any, site: Sites, secure_product: Any, alice: Any, widget: Any
) -> None:
    page.goto(site.page(EVIL, tag(widget)))
    expect(open_chat(page).get_by_text(NOT_HERE)).to_be_visible()
    written(page, SeenOrigin)
    log_in(context, secure_product, alice)
    dashboard(page, secure_product, widget, "domains")
    page.get_by_role("button", name="Dismiss https://evil.test").click()
    expect(page.get_by_text("https://evil.test is not shown again. It stays refused.")).to_be_visible()
    expect(page.get_by_text("None. A website that tries")).to_be_visible()


def test_install_page_tells_where_the_chat_was_seen(
    page: Page, context: Any, site: Sites, secure_product: Any, alice: Any, widget: Any
) -> None:
    log_in(context, secure_product, alice)
    dashboard(page, secure_product, widget, "install")
    expect(page.get_by_text("Not seen yet")).to_be_visible()

    page.goto(site.page(SHOP, tag(widget)))
    expect(open_chat(page).get_by_role("textbox")).to_be_visible()
    written(page, Sighting)
    dashboard(page, secure_product, widget, "install")
    expect(page.get_by_text("ago, 1 load today, version 1")).to_be_visible()
    assert accessible(page, *BOTH)


def test_without_scripts_there_are_links(
    chromium: Any, secure_product: Any, alice: Any, widget: Any, context: Any
) -> None:
    plain = chromium.new_context(java_script_enabled=False)
    log_in(plain, secure_product, alice)
    page = plain.new_page()
    dashboard(page, secure_product, widget, "domains")
    page.get_by_role("link", name="Websites that were seen but are not allowed").click()
    expect(page.get_by_role("heading", name="Seen but not allowed")).to_be_visible()
    dashboard(page, secure_product, widget, "install")
    page.get_by_role("link", name="Where it was seen").click()
    expect(page.get_by_text("Not seen yet")).to_be_visible()
    plain.close()
