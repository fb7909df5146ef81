"""What tests of the configurator share: finding one's way in its preview, and a pace that no slow machine changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from widgets.models import Widget


def chat(page):
    """The chat's frame in the stand-in page."""
    return page.frame_locator("#preview-frame").frame_locator("chat-dock iframe")


def saved(page):
    return expect(page.locator("#save-state")).to_have_text("All changes saved")


def launcher(page):
    return page.frame_locator("#preview-frame").locator("chat-dock button[aria-haspopup]")


def choose(page, tool: str, option: str) -> None:
    select = page.locator(f"[data-tool={tool}]")
    if not select.is_visible():
        page.locator(".more summary").click()
    select.select_option(label=option)


def size(page) -> str:
    return page.evaluate(
        "(({clientWidth: w, clientHeight: h}) => `${w}x${h}`)(document.getElementById('preview-frame'))"
    )


@contextmanager
def saves_held(page) -> Iterator[None]:
    """What the page sends to be stored arrives at the end of the block: autosave is as slow as one needs it."""
    held, free = [], False
    page.route("**/draft/", lambda route: route.continue_() if free else held.append(route))
    yield
    free = True
    for route in held:
        route.continue_()


def typed_without_a_pause(page) -> None:
    """From here on, however slowly a busy machine types: the step of undo ends with the field."""
    page.evaluate("Date.now = () => 0")


def title(page):
    return page.get_by_label("Title", exact=True)


def state(page):
    return page.locator("#save-state")


def draft() -> dict:
    return Widget.objects.get().draft
