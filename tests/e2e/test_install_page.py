"""The Install page in a browser: tabs, options, downloads; and what it looks like to a keyboard and a screen reader."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.build import make_license, make_organization, make_widget
from tests.e2e.axe import BOTH, accessible
from tests.e2e.dashboard import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def widget(alice):
    return make_widget(make_license(make_organization("Alice's shop", alice)))


@pytest.fixture
def path(page, context, product, alice, widget) -> str:
    log_in(context, product, alice)
    return f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/install/"


def test_tabs_work_by_keyboard_and_are_remembered(page, path):
    page.goto(path)
    tabs = page.get_by_role("tab")
    expect(page.get_by_role("tab", name="HTML", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="HTML", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="React", exact=True)).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    expect(page.get_by_role("tabpanel", name="React")).to_contain_text("Render <Chat /> once")
    page.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    page.get_by_role("tab", name="Shopify").click()
    page.goto(path)
    expect(page.get_by_role("tabpanel", name="Shopify")).to_be_visible()
    page.goto(f"{path}#on-vue")
    page.reload()
    expect(page.get_by_role("tabpanel", name="Vue")).to_be_visible()


def test_code_is_downloaded_and_mailed(page, path):
    page.goto(f"{path}?mode=inline#on-angular")
    panel = page.get_by_role("tabpanel", name="Angular")
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "chat.ts"
    text = download.value.path().read_text()
    assert text.rstrip("\n") == panel.locator("pre code").inner_text()
    mail = unquote(panel.get_by_role("link", name="Mail to a developer").get_attribute("href"))
    assert text.rstrip("\n") in mail.replace("\r\n", "\n")


def test_without_scripts_every_platform_is_there(chromium, product, alice, widget):
    context = chromium.new_context(java_script_enabled=False)
    log_in(context, product, alice)
    page = context.new_page()
    page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/install/?mode=inline")
    expect(page.get_by_role("heading", name=re.compile("^(Nuxt|Wix|Plain iframe)$"))).to_have_count(3)
    page.get_by_role("link", name="Nuxt", exact=True).click()
    expect(page.get_by_role("heading", name="Nuxt")).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("mode", ["popup", "inline", "none"])
def test_page_is_accessible(page, path, mode):
    page.goto(f"{path}?mode={mode}&target=a%20b")
    expect(page.get_by_role("tablist")).to_be_visible()
    assert accessible(page, *BOTH)
