"""What tests of the configurator share: finding one's way in its preview."""

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


def title(page):
    return page.get_by_label("Title", exact=True)


def state(page):
    return page.locator("#save-state")


def draft() -> dict:
    return Widget.objects.get().draft
