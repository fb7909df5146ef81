"""What the tests of a chat on somebody's site share."""

import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

from tests.build import make_license, make_widget
from tests.e2e.server import Product
from widgets.models import Widget

SHOP = "https://shop.test/"
NOT_HERE = "This chat is not set up for this website."
UNAVAILABLE = "This chat is not available at the moment."
BUSY = "The assistant cannot be reached right now. Please try again in a moment."

MakeWidget = Callable[..., Widget]


def n8n_maker(product: Product, settings: Any) -> MakeWidget:
    """Makes published n8n widgets with the stand-in behind them; keywords go to the licence."""
    settings.OUTBOUND_ALLOW = [product.standins.removeprefix("http://")]

    def make(mode: str = "demo", connection: dict[str, Any] | None = None, **license: Any) -> Widget:
        url = f"{product.standins}/n8n/webhook/{mode}/chat"
        return make_widget(make_license(**license), connection={"url": url, **(connection or {})})

    return make


def tag(widget: Widget, attributes: str = "", embed: str = "https://widgets.test") -> str:
    return f'<body><h1>Shop</h1><script async src="{embed}{loader_path(widget)}" {attributes}></script>'


def open_chat(page: Page) -> Any:
    """Presses the launcher; the frame."""
    page.get_by_role("button", name="Chat with us").click()
    return page.frame_locator("chat-dock iframe")


def ask(frame: Any, text: str = "hello") -> None:
    frame.get_by_role("textbox").fill(text)
    frame.get_by_role("textbox").press("Enter")


def greeting(frame: Any) -> Locator:
    """The demo agents' answer to hello."""
    return frame.get_by_text("Hello! I am a demo agent.").first


def expect_answer(frame: Any) -> None:
    expect(greeting(frame)).to_be_visible()


def until_heard(port: int, path: str, text: str) -> None:
    """Waits until the product, another process, has heard of a change: until it says `text` at `path` of the embed host
    to who comes from SHOP. Without Redis only the time tells it.
    """
    end = time.monotonic() + 15
    while text not in (said := _said(f"https://127.0.0.1:{port}{path}")):
        assert time.monotonic() < end, said
        time.sleep(0.05)


def _said(url: str) -> str:
    headers = {"Host": "widgets.test", "Referer": SHOP, "Sec-Fetch-Dest": "iframe"}
    try:
        answer = urlopen(Request(url, headers=headers), context=ssl._create_unverified_context(), timeout=15)
    except HTTPError as refusal:
        answer = refusal
    with answer:
        return str(answer.read().decode())


def frame_path(widget: Widget) -> str:
    return f"/widget/n8n/{widget.license.public_id}?widget={widget.public_id}"


def loader_path(widget: Widget) -> str:
    return f"/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}"
