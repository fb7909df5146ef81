"""What a visitor does and sees in the chat."""

import json
from typing import Any

from playwright.sync_api import Frame, Page, expect

from tests.e2e.loader_page import until
from tests.e2e.n8nui_server import FrameServer

STORED = {
    "visitor": "visitor-token",
    "conversation": "conversation-from-before",
    "messages": [{"role": "user", "text": "Hi", "at": 1_700_000_000_000}, {"role": "assistant", "text": "**Hello**"}],
}


def send(page: Page, text: str) -> None:
    """Once the chat takes it: the end of an answer comes after its last word."""
    idle(page)
    submit(page, text)


def submit(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def idle(page: Page | Frame) -> None:
    """Waits until no answer is on its way."""
    page.get_by_role("button", name="Send message").wait_for()


def reaches(page: Page, server: FrameServer, *texts: str) -> None:
    """Waits until these are the messages that have come to the server."""
    until(page, lambda: [message["text"] for message in server.messages()], list(texts))


def bubbles(page: Page) -> list[str]:
    return page.locator(".messages .bubble").all_inner_texts()


def shows(page: Page, *texts: str) -> None:
    """Waits until these are the messages on display."""
    expect(page.locator(".messages .bubble")).to_have_text(texts)


def appears(page: Page, text: str) -> None:
    page.locator(".log").get_by_text(text, exact=True).wait_for()


def stored(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('chatdock:wgt_1')") or "null")


def remember(page: Page, server: FrameServer, memory: dict[str, Any]) -> None:
    """What a visit before has left in the browser."""
    script = f"localStorage.setItem('chatdock:wgt_1', {json.dumps(json.dumps(memory))})"
    page.goto(server.url + "/host.js")
    page.evaluate(script)
