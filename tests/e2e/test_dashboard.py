"""The dashboard in a browser: by keyboard, for screen readers, on a telephone, under its own policy."""

import re

import pytest
from playwright.sync_api import expect

from tests.build import make_user, make_widget
from tests.e2e.axe import accessible
from tests.e2e.dashboard import log_in
from widgets.models import Widget

pytestmark = pytest.mark.browser


def tab_to(page, role: str, name: str) -> None:
    """Only the Tab key, as often as it takes."""
    target = page.get_by_role(role, name=name, exact=True).first
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{role} “{name}” cannot be reached with Tab")


def press(page, role: str, name: str) -> None:
    tab_to(page, role, name)
    page.keyboard.press("Enter")


def open_editor(page, context, product, alice, license, page_name: str = "", **facts) -> Widget:
    widget = make_widget(license, **facts)
    log_in(context, product, alice)
    page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/{page_name}")
    return widget


def test_errors_take_the_focus_and_lead_to_their_field(page, context, product, alice, license):
    twice = {"translations": [{"language": "de"}, {"language": "fr"}]}
    open_editor(page, context, product, alice, license, configuration=twice)
    page.get_by_label("Z-index").fill("0")
    page.get_by_role("button", name="Close all").click()
    page.get_by_label("Find a setting").fill("subtitle")
    page.get_by_role("button", name="Save draft").click()
    field = page.get_by_label("Z-index")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("The least is 1."))
    assert accessible(page)
    field.fill("1")
    page.locator("#f-translations .row").nth(1).get_by_label("Language").select_option("de")
    field.press("Enter")  # a line's Enter saves in place
    expect(page.locator("#f-translations")).to_be_focused()
    expect(page.locator("#f-translations > .error")).to_have_text("German is there twice.")
    expect(page.locator("#announcer")).to_have_text("German is there twice.")
    page.locator("#f-translations .row").nth(1).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#announcer")).to_have_text("The draft is saved. Sites change when you publish.")
    expect(page.locator("#f-translations > .error")).to_have_count(0)
    assert page.get_by_role("button", name="Undo").get_attribute("aria-disabled") == "false"


def test_domains_that_are_refused_are_told(page, context, product, alice, license):
    page.emulate_media(color_scheme="dark")
    log_in(context, product, alice)
    page.goto(f"{product.dashboard}/o/alices-shop/licenses/{license.public_id}/domains/")
    page.get_by_label("Domains").fill("good.example.com\n10.0.0.1")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added 1 domain.")).to_be_visible()
    expect(page.get_by_label("Domains")).to_have_value("10.0.0.1")
    assert accessible(page)
    page.get_by_role("button", name="Add www.shop.test").click()
    expect(page.get_by_text("shop.test, not www.shop.test")).to_be_visible()
    expect(page.get_by_role("button", name="Add www.shop.test")).to_have_count(0)


def test_list_that_is_full_takes_no_more(page, context, product, alice, license):
    prompts = [{"label": str(number), "prompt": "?"} for number in range(24)]
    open_editor(page, context, product, alice, license, configuration={"prompts": prompts})
    add = page.get_by_role("button", name="Add to Starter prompts")
    expect(add).to_be_hidden()
    page.locator(".row").first.get_by_role("button", name="Remove").click()
    expect(add).to_be_visible()


def test_swatch_and_slider_follow_and_lead(page, context, product, alice, license):
    open_editor(page, context, product, alice, license)
    page.locator("#f-launcher-color").fill("#00ff00")
    swatch = page.get_by_label("Colour: pick", exact=True)
    expect(swatch).to_have_value("#00ff00")
    swatch.fill("#aa0000")
    expect(page.locator("#f-launcher-color")).to_have_value("#aa0000")
    page.locator("#f-launcher-size").fill("60")
    expect(page.get_by_label("Size: slide", exact=True)).to_have_value("60")


def test_leaving_with_unsaved_changes_asks_first(page, context, product, alice, license):
    open_editor(page, context, product, alice, license)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("**/draft/", lambda route: None)  # no answer
    page.get_by_label("Subtitle").fill("Not saved")
    expect(page.locator("#save-state")).not_to_have_text("All changes saved")
    page.get_by_role("link", name="Licences").click()
    page.wait_for_url("**/licenses/")
    assert asked == ["beforeunload"]


def test_form_works_without_scripts(chromium, product, alice, license):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    widget = open_editor(page, context, product, alice, license)
    row = page.locator(".row").first
    row.get_by_label("Label").fill("Hours?")
    row.get_by_label("Message").fill("When?")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    widget.refresh_from_db()
    assert widget.draft["prompts"] == [{"label": "Hours?", "prompt": "When?", "language": ""}]
    context.close()


def test_skip_link_and_menu_work_by_keyboard(page, context, product, alice, license):
    open_editor(page, context, product, alice, license)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    account = page.locator(".account summary")
    account.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(account).to_be_focused()


def test_admin_runs_its_scripts(page, context, product):
    """An exception that no script caught fails the fixture `page`."""
    operator = make_user("bob", is_staff=True, is_superuser=True)
    make_widget()
    log_in(context, product, operator)
    for path in ("", "licenses/license/", "licenses/license/add/", "accounts/user/add/", "widgets/widget/add/"):
        page.goto(f"{product.dashboard}/admin/{path}")
    expect(page.get_by_label("Widget type")).to_be_visible()
