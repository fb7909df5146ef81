"""What the tests of the loader share: where things are on the page, and what the frame has heard."""

import re
from collections.abc import Callable
from time import monotonic
from typing import Any

from playwright.sync_api import Error, Frame, Locator, Page

PATIENCE = 15.0  # seconds


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
    """Polls: `wait_for_function` needs eval, which a strict policy forbids. As patient as `expect`."""
    end = monotonic() + PATIENCE
    while (found := check()) != wanted:
        assert monotonic() < end, f"{found!r}, not {wanted!r}"
        page.wait_for_timeout(30)


def opened(page: Page) -> None:
    launcher(page).click()
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])


def begun(page: Page) -> None:
    """Waits until stage 2 has run: it has made the panel, and listens."""
    panel(page).wait_for(state="attached")


def stand_still(page: Page) -> None:
    """From before the page is opened: its time goes on by `page.clock.run_for` alone, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def add_tag(page: Page, src: str) -> None:
    page.evaluate("(src) => document.body.append(Object.assign(document.createElement('script'), { src }))", src)
