"""The stand-in `<openai-chatkit>` in a real browser: what is drawn, and how it is used."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.fakes.element_page import FULL, ElementPage, new_secret
from tests.fakes.serve import Served

pytestmark = pytest.mark.browser

CSP = (
    "default-src 'none'; script-src 'self' 'nonce-x' {fakes}; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' {fakes}; base-uri 'none'; require-trusted-types-for 'script'"
)
OF_THE_PAGE = ("page-has-heading-one", "landmark-one-main")  # axe's rules for what embeds the element


def test_element_draws_its_options(mounted: Callable[..., ElementPage]) -> None:
    page = mounted(FULL).page

    frame = page.get_by_test_id("frame")
    expect(frame).to_have_attribute("aria-label", "Help")
    expect(page.get_by_test_id("title")).to_have_text("Support")
    expect(page.get_by_test_id("greeting")).to_have_text("How can we help?")
    expect(page.get_by_test_id("prompt")).to_have_text(["A list", "A table"])
    expect(page.get_by_placeholder("Ask us")).to_be_visible()
    expect(page.get_by_role("button", name="Attach a file")).to_be_visible()
    expect(frame.locator(".disclaimer em")).to_have_text("wrong")
    expect(page.get_by_text("Demo stand-in for OpenAI ChatKit")).to_be_visible()
    expect(frame).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(frame).to_have_css("font-size", "15px")


def test_markdown_is_drawn_as_elements(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.page.evaluate("window.element.sendUserMessage({ text: 'compare plans' })")
    one.wait_for("response.end")

    answer = one.page.locator("[data-role=assistant] .body")
    expect(answer.locator("th")).to_have_text(["Plan", "Widgets", "Sessions a month"])
    assert one.seen("log") == ["app.init", "composer.ready"]  # no composer.submit for a message of the page's


def test_error_notice_lock_and_effect_are_shown(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.say("/error")
    expect(one.page.get_by_role("alert")).to_contain_text("The agent could not answer this.")
    expect(one.page.get_by_role("button", name="Retry")).to_be_visible()
    one.wait_for("error", "StreamError: The agent could not answer this.")
    one.say("/notice")
    expect(one.page.get_by_role("note")).to_contain_text("This is a notice.")
    one.say("/effect")
    one.wait_for("effect")
    one.say("/lock")
    expect(one.page.get_by_text("This conversation was handed to a person.")).to_be_visible()
    expect(one.page.get_by_test_id("composer")).to_be_hidden()
    assert one.seen("effect") == [{"name": "demo_effect", "data": {"colour": "blue"}}]


def test_history_lists_renames_deletes_and_opens_threads(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()
    page = one.page
    for text in ("first", "second"):
        page.evaluate("(text) => window.element.sendUserMessage({ text, newThread: true })", text)
    page.get_by_role("button", name="Chat history").click()
    history = page.get_by_role("dialog", name="Chat history")
    rows = history.locator(".pick")

    expect(rows).to_have_text(["second", "first"])
    page.get_by_role("button", name="Rename second").click()
    page.get_by_label("New title").fill("renamed")
    page.get_by_role("button", name="Save").click()
    expect(rows).to_have_text(["renamed", "first"])
    page.get_by_role("button", name="Delete renamed").click()
    expect(rows).to_have_text(["first"])
    page.get_by_role("button", name="first", exact=True).click()
    expect(page.locator("[data-role=user] .body")).to_have_text("first")
    expect(history).to_be_hidden()
    expect(page.get_by_role("button", name="Chat history")).to_be_focused()


def test_header_action_calls_the_page(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()
    one.page.evaluate("""() => {
      const onClick = () => { window.clicked = true; };
      const header = { leftAction: { icon: "menu", onClick } };
      window.element.setOptions({ api: { getClientSecret: window.mint }, header });
    }""")

    one.page.get_by_role("button", name="Left action").click()

    assert one.page.evaluate("window.clicked") is True
    one.wait_for("log", "header.customButtonLeft.click")


def test_keyboard_is_enough(mounted: Callable[..., ElementPage]) -> None:
    one = mounted(FULL)
    page = one.page

    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Chat history")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close history")).to_be_focused()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    one.wait_for("response.end")
    assert one.texts("user") == ["Give me a list"]


def test_right_to_left_locale_turns_the_chat(mounted: Callable[..., ElementPage]) -> None:
    expect(mounted({"locale": "ar"}).page.get_by_test_id("frame")).to_have_attribute("dir", "rtl")


def test_element_works_under_the_policy_of_a_frame(context: BrowserContext, fakes: Served) -> None:
    policy = CSP.format(fakes=fakes.url)
    one = ElementPage(context, fakes, lambda: new_secret(fakes), Content_Security_Policy=policy)
    messages: list[str] = []
    one.page.on("console", lambda message: messages.append(message.text))

    one.mount(FULL)
    one.say("some code please")
    one.wait_for("response.end")

    assert messages == []
    expect(one.page.get_by_test_id("frame")).to_have_css("font-size", "15px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(mounted: Callable[..., ElementPage], scheme: str) -> None:
    color = {"accent": {"primary": "#0ea5e9", "level": 3}, "grayscale": {"hue": 220, "tint": 6}}
    one = mounted(FULL | {"theme": {"colorScheme": scheme, "color": color}})

    def findings() -> list[str]:
        results = Axe().run(one.page, options={"rules": {name: {"enabled": False} for name in OF_THE_PAGE}})
        return [f"{found['id']}: {found['nodes'][0]['html']}" for found in results.response["violations"]]

    assert findings() == []
    for times, text in enumerate(("a table and some code", "/error", "/notice"), start=1):
        one.say(text)
        one.wait_for("response.end", times=times)
    assert findings() == []
    one.page.evaluate("window.element.showHistory()")
    assert findings() == []
