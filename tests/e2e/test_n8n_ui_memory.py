"""What the chat UI of n8n widgets remembers: a reload, the server's history, starting over."""

from collections.abc import Callable
from queue import Queue

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.n8nui_page import STORED, appears, bubbles, remember, send, shows, stored
from tests.e2e.n8nui_server import FrameServer, answer, sse

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.e2e.n8nui_fixtures"]

Chat = Callable[[], Page]


@pytest.fixture(autouse=True)
def _rows_for_the_server() -> None:
    """No database here."""


def test_a_reload_resumes(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("**One**"), answer("Two")]
    page = chat()
    send(page, "First")
    appears(page, "One")

    chat()
    shows(page, "First", "One")
    send(page, "Second")
    appears(page, "Two")

    first, second = server.messages()
    assert first["conversation"] == second["conversation"]
    assert page.locator("strong").inner_text() == "One"


def test_only_the_latest_messages_are_kept(server: FrameServer, page: Page, chat: Chat) -> None:
    messages = [{"role": "assistant", "text": f"m{i}"} for i in range(60)]
    remember(page, server, {**STORED, "messages": messages})
    server.replies = [answer("x" * 150_000), answer("y" * 100_000)]
    chat()

    send(page, "First")
    appears(page, "x" * 150_000)
    after_first = stored(page)["messages"]
    send(page, "Second")
    appears(page, "y" * 100_000)

    assert [m["text"] for m in after_first[:2]] == ["m12", "m13"]
    assert len(after_first) == 50
    assert [m["text"][:6] for m in stored(page)["messages"]] == ["Second", "yyyyyy"]


@pytest.mark.parametrize("text", ["null", "[]", "not JSON", '{"messages": [1, {"role": "system", "text": "x"}, null]}'])
def test_a_spoilt_memory_is_an_empty_one(server: FrameServer, page: Page, chat: Chat, text: str) -> None:
    page.goto(server.url + "/host.js")
    page.evaluate("text => localStorage.setItem('chatdock:wgt_1', text)", text)

    chat()

    assert bubbles(page) == []
    assert page.locator(".prompts").is_visible()


def test_history_replaces_what_the_browser_remembers(server: FrameServer, page: Page, chat: Chat) -> None:
    remember(page, server, STORED)
    server.config(history=True)
    server.history = [
        {"role": "user", "text": "Hi"},
        {"role": "assistant", "text": "Hello"},
        {"role": "assistant", "text": "Still there?"},
    ]

    chat()
    shows(page, "Hi", "Hello", "Still there?")

    asked = [(path, body) for path, body, _ in server.asked if path != "/api/events"]
    assert asked == [("/api/n8n/history", {"conversation": "conversation-from-before"})]
    assert [m["text"] for m in stored(page)["messages"]] == ["Hi", "Hello", "Still there?"]


def test_without_a_stored_conversation_no_history_is_asked_for(server: FrameServer, chat: Chat) -> None:
    server.config(history=True)

    page = chat()
    page.wait_for_timeout(100)

    assert server.asked == []


def test_a_message_without_an_answer_can_be_sent_again_after_a_reload(
    server: FrameServer, page: Page, chat: Chat
) -> None:
    remember(page, server, {**STORED, "messages": STORED["messages"][:1]})
    server.replies = [answer("Hello")]
    chat()
    appears(page, "No answer has arrived.")

    page.get_by_role("button", name="Try again").click()
    shows(page, "Hi", "Hello")

    assert server.messages() == [{"conversation": "conversation-from-before", "text": "Hi"}]


def test_starting_over(server: FrameServer, page: Page, chat: Chat) -> None:
    remember(page, server, STORED)
    server.replies = [answer("Again")]
    chat()
    shows(page, "Hi", "Hello")
    page.get_by_role("button", name="Start over").click()
    question = page.get_by_role("group", name="Start a new conversation? This one will be cleared.")
    question.wait_for()
    page.keyboard.press("Escape")
    taken_back = (question.is_hidden(), page.evaluate("document.activeElement.ariaLabel"))

    page.get_by_role("button", name="Start over").click()
    question.get_by_role("button", name="Start over").click()
    page.locator(".prompts").wait_for()
    focused, memory = page.evaluate("document.activeElement.tagName"), stored(page)
    send(page, "Hi")
    shows(page, "Hi", "Again")

    assert taken_back == (True, "Start over")
    assert (focused, memory) == ("TEXTAREA", {"visitor": "visitor-token"})
    assert server.messages()[0]["conversation"] != "conversation-from-before"


def test_starting_over_ends_the_answer(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    page = chat()
    send(page, "Hi")
    stream.put(sse("delta", m="a", t="Hello"))
    appears(page, "Hello")

    page.get_by_role("button", name="Start over").click()
    page.locator(".ask").get_by_role("button", name="Start over").click()
    page.locator(".prompts").wait_for()
    stream.put(sse("message", m="a", text="Late"))
    stream.put(None)
    page.wait_for_timeout(100)

    assert bubbles(page) == []
    assert page.locator("#root > .unseen p").all_text_contents() == ["A new conversation has started."]
    assert page.locator(".notice").count() == 0
    expect(page.get_by_role("button", name="Send message")).to_be_visible()
