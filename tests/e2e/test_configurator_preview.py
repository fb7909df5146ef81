"""What the preview shows: of devices, of what is edited, on a telephone; and how its tools open and close."""

import pytest
from playwright.sync_api import expect

from core.codes import MEANINGS, Code
from tests.e2e.axe import accessible
from tests.e2e.configurator import chat, choose, launcher, saved, size, title
from tests.e2e.loader_page import until
from tests.fakes.behaviour import Behaviour
from tests.fakes.state import Rule

pytestmark = pytest.mark.browser


def test_desktop_is_shown_where_the_pane_is_narrower_than_one(page, configurator):
    configurator(width=1024)
    assert size(page) == "1280x800"
    choose(page, "zoom", "100 %")
    assert int(size(page).partition("x")[0]) < 720


def test_panel_of_tools_closes_as_menus_do(page, configurator):
    configurator()
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    tools = page.locator(".more-tools")
    closed = {
        "Escape": lambda: page.keyboard.press("Escape"),
        "a click elsewhere": lambda: page.locator(".preview-note").click(),
        "a click into the preview": lambda: chat(page).get_by_role("textbox").click(),
        "a dialog": lambda: page.keyboard.press("?"),
    }
    for how, close in closed.items():
        page.locator(".more summary").click()
        expect(tools, how).to_be_visible()
        close()
        expect(tools, how).to_be_hidden()


def test_preview_shows_what_is_edited_unless_told_otherwise(page, configurator):
    configurator(configuration={"teaser": {"text": "May I help?", "delay": 60}})
    window = chat(page).get_by_role("heading", name="How can we help?")
    teaser = page.frame_locator("#preview-frame").locator("chat-dock .t .m")
    expect(window).to_be_visible()
    page.locator("#f-launcher-text").fill("Ask us")
    expect(window).to_be_hidden()
    expect(launcher(page)).to_have_text("Ask us")
    page.locator("#f-teaser-text").fill("Tea?")
    expect(teaser).to_have_text("Tea?")
    page.locator("#f-teaser-text").fill("Coffee?")
    expect(teaser).to_have_text("Coffee?")
    page.locator("#f-window-width").focus()
    expect(window).to_be_visible()
    expect(teaser).to_be_hidden()
    expect(page.locator("#f-window-width")).to_be_focused()
    for name in ("launcher-text", "teaser-text", "triggers-delay", "window-width"):
        page.locator(f"#f-{name}").focus()
    expect(window).to_be_visible()
    page.wait_for_timeout(400)
    expect(window).to_be_visible()
    choose(page, "state", "Typing")
    page.locator("#f-launcher-text").focus()
    page.wait_for_timeout(200)
    expect(chat(page).locator(".dots")).to_be_visible()


def test_telephone_has_two_tabs_and_the_page_in_sight_in_both(page, configurator):
    configurator(width=360)
    preview = page.locator("#preview-frame")
    expect(title(page)).to_be_visible()
    title(page).fill("Tea")
    expect(chat(page).get_by_role("heading", name="Tea")).to_be_in_viewport()
    expect(title(page)).to_be_in_viewport()
    saved(page)
    page.get_by_role("button", name="Hide the preview").click()
    expect(preview).to_be_hidden()
    page.reload()
    expect(preview).to_be_hidden()
    assert accessible(page)
    page.get_by_role("button", name="Show the preview").click()
    expect(preview).to_be_visible()
    page.get_by_role("tab", name="Settings").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Preview")).to_be_focused()
    expect(preview).to_be_visible()
    expect(title(page)).to_be_hidden()
    expect(chat(page).get_by_role("heading", name="Tea")).to_be_visible()
    choose(page, "state", "Typing")
    expect(chat(page).locator(".dots")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert accessible(page)


def test_devices_have_their_true_size(page, configurator):
    configurator()
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    choose(page, "device", "iPhone 14, 390 × 844")
    assert size(page) == "390x844"
    expect(page.locator("[data-tool=zoom]")).to_have_value("fit")
    assert page.locator("device-frame").evaluate(
        "frame => [frame.scrollHeight - frame.clientHeight, frame.scrollTop]"
    ) == [0, 0]
    choose(page, "zoom", "100 %")
    expect(page.locator(".device-size")).to_have_text("390 × 844 · 100 %")
    inside = page.frame_locator("#preview-frame").locator("html")
    until(page, lambda: inside.evaluate("() => innerWidth"), 390)
    page.get_by_role("button", name="Rotate").click()
    assert size(page) == "844x390"
    choose(page, "zoom", "50 %")
    box = page.locator("#preview-frame").bounding_box()
    assert (round(box["width"]), round(box["height"])) == (422, 195)
    choose(page, "zoom", "100 %")
    choose(page, "device", "Full HD, 1920 × 1080")
    assert size(page) == "1920x1080"
    assert page.locator("#preview-frame").bounding_box()["width"] < 900
    page.locator(".more summary").click()
    height = page.get_by_label("Preview height")
    expect(height).to_have_value("1080")
    height.fill("700")
    height.press("Enter")
    assert size(page) == "1920x700"
    page.get_by_label("Preview width").fill("")
    height.focus()
    assert int(size(page).partition("x")[0]) < 900


def test_handles_work_by_keyboard_and_pointer(page, configurator):
    configurator()
    choose(page, "device", "iPhone SE, 375 × 667")
    choose(page, "zoom", "100 %")
    width = page.get_by_role("slider", name="Width", exact=True)
    width.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    assert size(page) == "335x667"
    expect(width).to_have_attribute("aria-valuetext", "335 pixels")
    expect(page.locator("[data-tool=device]")).to_have_value("custom")
    corner = page.get_by_role("slider", name="Width and height")
    corner.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.get_by_role("slider", name="Height", exact=True).focus()
    page.keyboard.press("ArrowDown")
    assert size(page) == "345x667"
    width.hover(position={"x": 5, "y": 40})
    box = width.bounding_box()
    page.mouse.down()
    page.mouse.move(box["x"] + 65, box["y"] + 90, steps=5)
    page.mouse.up()
    assert size(page) == "405x667"
    width.dblclick(position={"x": 5, "y": 40})
    assert int(size(page).partition("x")[0]) > 500


def test_the_whole_chat_is_in_sight_beside_the_first_setting(page, configurator):
    configurator("chatkit")
    expect(chat(page).get_by_text("What can I help with today?")).to_be_visible()
    bottom = "element => element.getBoundingClientRect().bottom"
    assert page.locator(".device-box").evaluate(bottom) <= 900
    assert page.locator("#f-title").evaluate(bottom) <= 900
    page.get_by_role("link", name="Visitors").click()
    expect(page.locator("#f-visitors > summary")).to_be_focused()
    until(page, lambda: 850 < page.locator(".device-box").evaluate(bottom) <= 900, True)
    page.wait_for_timeout(100)
    assert 850 < page.locator(".device-box").evaluate(bottom) <= 900


def test_admin_reads_why_the_chat_fails_until_it_goes_on(page, standins, configurator):
    url = f"{standins.url}/n8n/webhook/basic-auth/chat"
    configurator(connection={"url": url})
    cause = page.locator("#preview-cause")
    box = chat(page).get_by_role("textbox")
    expect(box).to_be_visible()
    expect(cause).to_be_hidden()
    box.fill("Hello")
    box.press("Enter")
    expect(chat(page).get_by_text("This chat is not available at the moment.")).to_be_visible()
    expect(cause).to_contain_text(f"{MEANINGS[Code.N8N_UNAUTHORIZED].mean} (n8n_unauthorized)")
    assert accessible(page)
    page.get_by_role("button", name="New chat").click()
    expect(cause).to_be_hidden()
    expect(chat(page).get_by_text("Hello", exact=True)).to_have_count(0)
    box.fill("Hello again")
    box.press("Enter")
    expect(cause).to_be_visible()
    standins.state.rules.append(Rule("n8n", {"mode": "basic-auth"}, Behaviour(200, {"output": "Here again"}), None))
    chat(page).get_by_role("button", name="Try again").click()
    expect(chat(page).get_by_role("log").get_by_text("Here again")).to_be_visible()
    expect(cause).to_be_hidden()


def test_admin_reads_why_there_is_no_chatkit(page, standins, configurator):
    standins.state.rules.append(Rule("openai", {}, Behaviour(401), None))
    configurator("chatkit", secrets={"openai_key": "sk-demo-refused"})
    cause = page.locator("#preview-cause")
    expect(cause).to_contain_text(f"{MEANINGS[Code.OPENAI_INVALID_KEY].mean} (openai_invalid_key)")
    cause.get_by_role("link", name="Test connection").click()
    expect(page.get_by_role("heading", name="Test connection")).to_be_in_viewport()
