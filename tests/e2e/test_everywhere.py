"""What every page of the dashboard has: the command palette, the theme, toasts; and picking many in a list."""

import re

import pytest
from playwright.sync_api import expect

from core.themes import COOKIE
from tests.build import make_license, make_organization, make_user, make_widget
from tests.e2e.dashboard import log_in, violations
from widgets.models import Widget

pytestmark = pytest.mark.browser


@pytest.fixture
def widgets(page, context, product):
    """alice's three, and their list."""
    alice = make_user("alice")
    license = make_license(make_organization("Alice's shop", alice))
    made = [make_widget(license, name=name, publish=False) for name in ("Coffee", "Green tea", "Green teapot")]
    log_in(context, product, alice)
    page.goto(f"{product.dashboard}/o/alices-shop/widgets/")
    return made


def ground(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_palette_is_used_by_keyboard(page, widgets):
    refused, palette = violations(page), page.get_by_role("dialog", name="Search and commands")
    box, options = palette.get_by_role("combobox"), palette.get_by_role("option")
    page.keyboard.press("Control+K")
    page.keyboard.type("green")
    expect(options).to_have_text(["Green tea n8n workflow", "Green teapot n8n workflow"])
    expect(palette.get_by_role("status")).to_have_text("2 found")
    page.keyboard.press("ArrowDown")
    selected = palette.get_by_role("option", selected=True)
    expect(selected).to_have_text("Green teapot n8n workflow")
    expect(box).to_have_attribute("aria-activedescendant", selected.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.locator("#palette-open").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("nothing at all")
    expect(palette.get_by_role("status")).to_have_text("Nothing is called that.")
    box.fill("teapot")
    expect(options.first).to_have_text("Green teapot n8n workflow")
    box.fill("publish teapot")
    expect(options).to_have_text(["Publish Green teapot…"])
    box.fill("teapot")
    expect(options).to_have_count(7)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Green teapot", level=1)).to_be_visible()
    assert refused == []


def test_theme_is_changed_without_a_reload_and_kept(page, context, product, widgets):
    page.emulate_media(color_scheme="light")
    light = ground(page)
    page.get_by_label("Search", exact=True).first.fill("typed")
    page.keyboard.press("Control+K")
    page.keyboard.type("dark")
    expect(page.locator("#palette").get_by_role("option")).to_have_text(["Theme: dark"])
    with page.expect_response("**/theme/"):
        page.keyboard.press("Enter")
    dark = ground(page)
    assert (dark != light, page.get_by_label("Search", exact=True).first.input_value()) == (True, "typed")
    page.reload()
    assert (ground(page), page.evaluate("document.documentElement.dataset.theme")) == (dark, "dark")
    context.clear_cookies(name=re.compile(f"^(?!{COOKIE}$)"))
    page.goto(f"{product.dashboard}/login/")
    assert ground(page) == dark
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="System").click()
    assert ground(page) == light


def test_many_are_picked_and_the_toast_leaves(page, widgets):
    page.clock.install()
    expect(page.locator("#bulk").get_by_role("button")).to_have_count(0)
    every = page.get_by_label("Select all of this page")
    every.check()
    expect(page.get_by_text("3 selected:")).to_be_visible()
    page.get_by_label("Select Green tea", exact=True).uncheck()
    assert every.evaluate("box => box.indeterminate") is True
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish 2 widgets").click()
    toast = page.locator(".toasts .message")
    expect(toast).to_have_text("2 widgets published.")
    expect(toast.get_by_role("button")).to_be_visible()  # what holds it is there
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(20_000)
    expect(toast).to_have_count(0)
    assert [widget.published_id is not None for widget in Widget.objects.order_by("name")] == [True, False, True]


def test_what_went_wrong_stays_until_it_is_dismissed(page, widgets):
    page.clock.install()
    page.locator("#bulk").evaluate("form => form.requestSubmit(form.querySelector('button'))")
    message = page.get_by_text("Nothing is selected. Tick the widgets that are meant.")
    dismiss = page.get_by_role("button", name="Dismiss: Nothing is selected. Tick the widgets that are meant.")
    expect(dismiss).to_be_visible()
    page.clock.run_for(60_000)
    expect(message).to_be_visible()
    dismiss.click()
    expect(message).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
