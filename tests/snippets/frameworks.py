"""`make test-snippets`: every framework's snippet, built with the real framework and opened in Chromium.

Not part of `make test`: it needs Node and a gigabyte of packages.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.chat_site import n8n_maker
from tests.snippets.build import COMMANDS, LICENSE, PLACES, WIDGET, build
from widgets.models import Widget
from widgets.snippets import Mode

pytestmark = pytest.mark.browser
SHOP = "https://shop.test"
TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
BUILT: dict[str, Path] = {}


@pytest.fixture(scope="session")
def built() -> Callable[[str], Path]:
    def once(app: str) -> Path:
        if app not in BUILT:
            BUILT[app] = build(app)
        return BUILT[app]

    return once


@pytest.fixture
def widget(secure_product: Any, settings: Any) -> Widget:
    settings.EMBED_URL, settings.DASHBOARD_URL = secure_product.embed, secure_product.dashboard
    return n8n_maker(secure_product, settings)()


def serve(page: Page, folder: Path, widget: Widget) -> None:
    """The finished files at https://shop.test, with this test's ids; a path without a file is the app's own page."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SHOP).partition("?")[0].strip("/")
        tries = [folder / path, folder / f"{path}.html", folder / path / "index.html"]
        file = next((one for one in tries if one.is_file()), folder / "index.html" if "." not in path else None)
        if file is None or not file.is_file():
            return route.fulfill(status=404)
        body = file.read_bytes()
        body = body.replace(LICENSE.encode(), widget.license.public_id.encode())
        body = body.replace(WIDGET.encode(), widget.public_id.encode())
        return route.fulfill(body=body, content_type=TYPES.get(file.suffix, "application/octet-stream"))

    page.route(f"{SHOP}/**", answer)
    # A page without a server counts as public to Chromium, and the product is on this machine.
    page.context.grant_permissions(["local-network-access"])


def expect_chat(page: Page, mode: Mode) -> None:
    if mode is Mode.POPUP:
        page.get_by_role("button", name="Chat with us").click()
    elif mode is Mode.API:
        page.get_by_role("button", name="Chat <with> {us}").click()
    expect(page.frame_locator("chat-dock iframe").get_by_role("textbox")).to_be_visible()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("app", COMMANDS)
def test_app_builds(built: Callable[[str], Path], app: str) -> None:
    assert built(app).is_dir()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("platform", PLACES)
def test_component_comes_goes_and_comes_back(
    page: Page, built: Callable[[str], Path], widget: Widget, platform: str, mode: Mode
) -> None:
    app = PLACES[platform][0]
    serve(page, built(app), widget)
    page.goto(f"{SHOP}/{'old/' if platform == 'next-pages' else ''}{mode}")
    expect_chat(page, mode)

    page.get_by_text("Toggle").click()
    expect(page.locator("chat-dock")).to_have_count(0)
    assert page.evaluate("typeof window.Chatdock") == "undefined"

    if app in ("next", "nuxt"):
        page.go_back()
    else:
        page.get_by_text("Toggle").click()
    expect_chat(page, mode)
