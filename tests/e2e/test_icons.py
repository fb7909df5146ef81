"""Choosing an icon, by keyboard and by pointer."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import BOTH, COLOURS_ASIDE, accessible, barriers
from tests.e2e.configurator import chat
from tests.e2e.dashboard import violations
from tests.e2e.loader_page import until
from widgets.models import Widget

pytestmark = pytest.mark.browser
PROMPTS = [{"label": "Hours?", "prompt": "When?", "icon": "clock"}, {"label": "Menu?", "prompt": "What?"}]


@pytest.fixture
def prompts(page, configurator):
    """The rows of two prompts."""
    configurator("chatkit", configuration={"start_screen": {"prompts": PROMPTS}})
    return page.locator("#f-start_screen-prompts .rows-list > .row")


def opener(place):
    return place.get_by_role("button", name="Icon: choose")


def drawing(place) -> str:
    """What the field shows."""
    href = opener(place).locator("use").get_attribute("href")
    return href.partition("#")[2]


def icon(page, name: str):
    return page.get_by_role("option", name=name, exact=True)


def stored() -> list[str]:
    return [prompt["icon"] for prompt in Widget.objects.get().draft["start_screen"]["prompts"]]


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_icon_is_found_by_keyboard_in_a_row_that_was_moved(page, prompts):
    prompts.first.get_by_role("button", name="Move down: Hours?").press("Enter")
    row = prompts.nth(1)
    opener(row).press("Enter")
    expect(page.get_by_label("Search icons")).to_be_focused()
    expect(page.locator("#icons-count")).to_contain_text("120 of 1,9")  # all of them are there
    press(page, "ArrowDown")
    expect(icon(page, "clock")).to_be_focused()  # the chosen one
    press(page, "ArrowDown", "ArrowUp", "End")
    expect(page.locator("#icons-list").get_by_role("option").last).to_be_focused()
    press(page, "Home")
    expect(icon(page, "None")).to_be_focused()
    press(page, "ArrowUp")
    page.keyboard.type("lightning")
    expect(page.locator("#icons-name")).to_have_text("bolt")
    press(page, "ArrowDown", "ArrowRight")
    expect(page.locator("#icons-name")).to_contain_text("lucide:")
    press(page, "ArrowLeft", "Space")
    expect(opener(row)).to_be_focused()
    expect(row.get_by_label("Icon", exact=True)).to_have_value("bolt")
    assert drawing(row) == "zap"
    expect(chat(page).get_by_role("button", name="Hours?")).to_have_attribute("data-icon", "bolt")
    until(page, stored, ["", "bolt"])
    press(page, "Enter")
    page.keyboard.type("rocket")
    press(page, "Escape")
    expect(opener(row)).to_be_focused()
    press(page, "Enter")
    page.keyboard.type("rocket")
    press(page, "Enter")  # the first that was found
    until(page, stored, ["", "lucide:rocket"])
    press(page, "ControlOrMeta+Z")
    expect(row.get_by_label("Icon", exact=True)).to_have_value("bolt")
    assert drawing(row) == "zap"


def test_icon_is_chosen_by_pointer_in_a_new_row(page, prompts):
    page.get_by_role("button", name="Add to Starter prompts").click()
    row = prompts.last
    opener(row).click()
    page.get_by_label("Search icons").fill("nothing is called so")
    expect(page.locator("#icons-count")).to_have_text("0 icons")
    page.get_by_label("Search icons").fill("")
    expect(page.locator("#icons-count")).to_contain_text("120 of 1,9")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#icons-count")).to_contain_text("240 of 1,9")
    page.mouse.click(5, 5)  # beside it
    expect(page.get_by_role("dialog")).to_have_count(0)
    opener(row).click()
    icon(page, "star-filled").click()
    expect(row.get_by_label("Icon", exact=True)).to_have_value("star-filled")
    assert drawing(row) == "star"
    opener(row).click()
    icon(page, "None").click()
    expect(row.get_by_label("Icon", exact=True)).to_have_value("")
    prompts.first.get_by_label("Icon", exact=True).fill("nonsense")
    expect(opener(prompts.first)).to_have_text("?")
    expect(prompts.first.locator(".error")).to_contain_text("Choose an icon of the list")


@pytest.mark.parametrize("block", ["start", "center", "end"])
def test_picker_stands_beside_its_field_wherever_that_is(page, configurator, block):
    configurator("chatkit")
    field = page.locator("#f-header-left icon-field")
    field.evaluate("(field, block) => field.scrollIntoView({ block })", block)
    opener(field).click()
    picker, beside = page.locator("#icons").bounding_box(), field.bounding_box()
    assert picker["x"] == beside["x"]
    assert (picker["y"] >= 0, picker["y"] + picker["height"] <= 900) == (True, True)
    below, above = picker["y"] - beside["y"] - beside["height"], beside["y"] - picker["y"] - picker["height"]
    assert max(below, above) == pytest.approx(6)


def test_picker_is_accessible_and_keeps_to_its_policy(page, configurator):
    refused = violations(page)
    configurator("chatkit", configuration={"header": {"left": {"icon": "menu"}}})
    opener(page.locator("#f-header-left")).click()
    expect(icon(page, "menu")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#icons-list").get_by_role("option")).to_have_count(47)  # its own and none, but not Lucide's
    assert accessible(page, *BOTH)
    page.evaluate("document.documentElement.dir = 'rtl'")
    press(page, "ArrowDown", "ArrowLeft")
    expect(icon(page, "menu-inverted")).to_be_focused()
    assert (barriers(page, COLOURS_ASIDE), refused) == ([], [])
    drawn = icon(page, "menu").locator("use")
    until(page, lambda: drawn.evaluate("use => use.getBBox().width") > 0, True)  # it is there, and drawn
