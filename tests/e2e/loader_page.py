"""What the tests of the loader share: where things are on the page, and what the frame has heard."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Frame, Locator, Page


def launcher(page: Page) -> Locator:
    return page.locator("chat-dock button[aria-haspopup]")


def panel(page: Page) -> Locator:
    return page.locator("chat-dock [role=dialog]")


def frame(page: Page) -> Frame:
    found = page.frame(url=re.compile("/frame$"))
    assert found
    return found


def told(page: Page) -> Any:
    """What the frame heard from the page; nothing while it loads."""
    try:
        return frame(page).evaluate("window.told") or []
    except (AssertionError, Error):
        return []


def until(page: Page, check: Callable[[], Any], wanted: Any) -> None:
    """Polls: `wait_for_function` needs eval, which a strict policy forbids."""
    for _ in range(100):
        if check() == wanted:
            return
        page.wait_for_timeout(30)
    assert check() == wanted


def opened(page: Page) -> None:
    launcher(page).click()
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])


def add_tag(page: Page, src: str) -> None:
    page.evaluate("(src) => document.body.append(Object.assign(document.createElement('script'), { src }))", src)
