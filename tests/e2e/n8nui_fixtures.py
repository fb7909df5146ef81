"""Fixtures of the chat UI's tests. `context` and `page` are those of conftest.py."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, Page

from tests.e2e import n8nui_server


@pytest.fixture(scope="session")
def _chat_server() -> Iterator[n8nui_server.FrameServer]:
    with n8nui_server.served() as server:
        yield server


@pytest.fixture
def server(_chat_server: n8nui_server.FrameServer) -> n8nui_server.FrameServer:
    _chat_server.reset()
    return _chat_server


@pytest.fixture
def chat(server: n8nui_server.FrameServer, page: Page) -> Callable[[], Page]:
    """Opens the full page, after the test has said what is in it."""

    def open_page() -> Page:
        page.goto(server.url)
        page.get_by_role("textbox").wait_for()
        return page

    return open_page


@pytest.fixture
def embedded(server: n8nui_server.FrameServer, page: Page) -> Callable[..., Frame]:
    """Opens the chat in a site's page of one mode; `page.evaluate("told")` is what the site has heard."""

    def open_site(mode: str = "popup") -> Frame:
        page.goto(f"{server.url}/host?mode={mode}")
        page.frame_locator("iframe").get_by_role("textbox").wait_for()
        while {"type": "ready"} not in page.evaluate("told"):
            page.wait_for_timeout(20)
        return page.frames[1]

    return open_site
