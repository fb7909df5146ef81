"""A visitor's time with an n8n widget on a site: failures, waiting, coming back, a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from embed.models import VisitorSession
from tests.e2e.chat_site import BUSY, SHOP, MakeWidget, ask, expect_answer, n8n_maker, open_chat, tag
from tests.e2e.loader_page import until
from tests.e2e.server import Product
from tests.e2e.sites import Sites
from tests.fakes.behaviour import preset
from tests.fakes.serve import Served
from tests.fakes.state import Rule

pytestmark = pytest.mark.browser


@pytest.fixture
def widget(secure_product: Product, settings: Any) -> MakeWidget:
    return n8n_maker(secure_product, settings)


def test_answer_arrives_word_by_word(page: Page, site: Sites, widget: MakeWidget, standins: Served) -> None:
    standins.state.token_pause = 0.08
    page.goto(site.page(SHOP, tag(widget())))
    frame = open_chat(page)

    ask(frame, "tell me a long story")

    log = frame.get_by_role("log")
    lengths = set()
    expect(log.get_by_text("tell me a long story").first).to_be_visible()
    for _ in range(100):  # looks; on a busy machine the first word comes late
        lengths.add(len(log.inner_text()))
        if len(lengths) > 4:
            break
        page.wait_for_timeout(80)
    standins.state.token_pause = 0
    assert len(lengths) > 4


def test_dead_upstream_is_told_and_can_be_tried_again(
    page: Page, site: Sites, widget: MakeWidget, standins: Served
) -> None:
    page.goto(site.page(SHOP, tag(widget())))
    frame = open_chat(page)
    standins.state.rules.append(Rule("n8n", {}, preset("503"), 1))

    ask(frame)
    expect(frame.get_by_text(BUSY)).to_be_visible()
    frame.get_by_role("button", name="Try again").click()

    expect_answer(frame)


def test_slow_upstream_can_be_stopped(page: Page, site: Sites, widget: MakeWidget) -> None:
    page.goto(site.page(SHOP, tag(widget("no-first-byte"))))
    frame = open_chat(page)

    ask(frame)
    page.wait_for_timeout(600)  # a second click within half a second is a double click on Send
    frame.get_by_role("button", name="Stop").click()

    frame.get_by_role("textbox").fill("and now?")
    expect(frame.get_by_role("button", name="Send message")).to_be_enabled()


def test_reload_resumes_the_conversation_and_the_session(returning: Page, site: Sites, widget: MakeWidget) -> None:
    returning.goto(site.page(SHOP, tag(widget())))
    frame = open_chat(returning)
    ask(frame)
    expect_answer(frame)

    returning.reload()
    frame = open_chat(returning)

    expect_answer(frame)
    ask(frame, "thanks")
    expect(frame.get_by_role("log").get_by_text("thanks", exact=True)).to_be_visible()
    assert VisitorSession.objects.count() == 1


def test_back_brings_the_page_back_as_it_was_and_the_chat_goes_on(
    returning: Page, site: Sites, widget: MakeWidget, standins: Served
) -> None:
    other = site.page("https://shop.test/other", "<p>Elsewhere</p>")
    watch = "<script>addEventListener('pageshow', (e) => { window.persisted = e.persisted; });</script>"
    returning.goto(site.page(SHOP, watch + tag(widget())))
    frame = open_chat(returning)
    ask(frame)
    expect_answer(frame)

    returning.goto(other)
    returning.go_back(wait_until="commit")  # nothing loads
    expect(returning.get_by_role("heading", name="Shop")).to_be_visible()
    until(returning, lambda: returning.evaluate("persisted"), True)
    returning.evaluate("Chatdock.send('thanks')")  # Playwright has lost sight of the frame

    until(returning, lambda: standins.state.executions["demo"], 2)
    assert VisitorSession.objects.count() == 1


def test_phone_shows_the_chat_on_the_whole_screen(page: Page, site: Sites, widget: MakeWidget) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site.page(SHOP, '<meta name="viewport" content="width=device-width">' + tag(widget())))

    frame = open_chat(page)
    expect(frame.get_by_role("textbox")).to_be_visible()

    whole = {"x": 0, "y": 0, "width": 360, "height": 740}
    until(page, page.locator("chat-dock iframe").bounding_box, whole)
    frame.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()


def test_keyboard_alone_opens_asks_and_closes(page: Page, site: Sites, widget: MakeWidget) -> None:
    page.goto(site.page(SHOP, tag(widget())))
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame = page.frame_locator("chat-dock iframe")
    expect(frame.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect_answer(frame)
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()


def test_click_counts_though_the_rest_arrives_while_the_button_is_held(
    page: Page, site: Sites, widget: MakeWidget
) -> None:
    waiting: list[Any] = []
    page.route("**/embed/loader.*.js", lambda route: waiting.append(route))  # noqa: PLW0108
    page.goto(site.page(SHOP, tag(widget())))
    box = page.get_by_role("button", name="Chat with us").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    until(page, lambda: len(waiting), 1)
    waiting[0].continue_()
    expect(page.locator("chat-dock [role=dialog]")).to_be_attached()
    page.wait_for_timeout(200)

    page.mouse.up()

    expect(page.frame_locator("chat-dock iframe").get_by_role("textbox")).to_be_visible()


def test_two_visitors_never_meet(page: Page, site: Sites, widget: MakeWidget, chromium: Any) -> None:
    page.goto(site.page(SHOP, tag(widget("memory", connection={"load_history": True}))))
    frame = open_chat(page)
    ask(frame, "my secret plan")
    expect(frame.get_by_role("log").get_by_text("my secret plan (message 1)")).to_be_visible()

    with chromium.new_context() as stranger:
        other = stranger.new_page()
        other.goto(SHOP)
        theirs = open_chat(other)
        ask(theirs, "anything about me?")
        expect(theirs.get_by_role("log").get_by_text("anything about me? (message 1)")).to_be_visible()
        expect(theirs.get_by_text("my secret plan")).to_have_count(0)
    assert VisitorSession.objects.count() == 2
