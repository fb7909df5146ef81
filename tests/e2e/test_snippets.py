"""Every snippet that needs no build runs as it is pasted, on a listed site, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.chat_site import SHOP, MakeWidget, n8n_maker
from tests.e2e.sites import Sites
from widgets.models import Widget
from widgets.snippets import PLATFORMS, Embed, Mode, Options, csp_lines, make_embed

pytestmark = pytest.mark.browser
BUILT = {"react", "next-app", "next-pages", "vue", "nuxt", "svelte", "angular"}  # make test-snippets
PASTED = [(platform, mode) for platform in PLATFORMS for mode in platform.modes if platform.id not in BUILT]
HTML = next(platform for platform in PLATFORMS if platform.id == "html")


@pytest.fixture
def widget(secure_product: Any, settings: Any) -> MakeWidget:
    settings.EMBED_URL, settings.DASHBOARD_URL = secure_product.embed, secure_product.dashboard
    return n8n_maker(secure_product, settings)


def embed_of(widget: Widget, options: Options) -> Embed:
    link = f"https://widgets.test/widget/n8n/{widget.license.public_id}?widget={widget.public_id}"
    return make_embed(widget, link, options)


def as_page(platform_id: str, mode: Mode, code: str) -> str:
    """The page that the platform makes of it."""
    if platform_id == "wordpress" and mode is Mode.POPUP:
        code = re.search(r"\?>(.*)<\?php", code, re.DOTALL)[1]  # what the function prints
    if platform_id == "wix" and mode is Mode.INLINE:
        code = f'<iframe src="{code}" width=400 height=640></iframe>'
    if platform_id == "gtm" and mode is Mode.INLINE:
        code = f'<div id="chat"></div>{code}'
    return f"<body><h1>Shop</h1>{code}</body>"


def expect_chat(page: Page, platform_id: str, mode: Mode) -> None:
    if platform_id == "link":
        expect(page.get_by_role("textbox")).to_be_visible()
    elif mode is Mode.INLINE and platform_id in ("iframe", "wix"):
        expect(page.frame_locator("iframe").get_by_role("textbox")).to_be_visible(timeout=20_000)
    else:
        frame = page.frame_locator("chat-dock iframe")
        if mode is Mode.POPUP:
            page.get_by_role("button", name="Chat with us").click()
        elif mode is Mode.API and platform_id == "gtm":
            page.evaluate('window.Chatdock.push(["open"])')
        elif mode is Mode.API:
            page.get_by_role("button", name="Chat with us").click()
            expect(page.locator("chat-dock button[aria-haspopup]")).to_be_hidden()
        expect(frame.get_by_role("textbox")).to_be_visible()


@pytest.mark.parametrize(("platform", "mode"), PASTED, ids=lambda value: getattr(value, "id", value))
def test_snippet_shows_the_chat(page: Page, site: Sites, widget: MakeWidget, platform: Any, mode: Mode) -> None:
    code = platform.guide(embed_of(widget(), Options(mode))).file.code
    if platform.id == "link":
        page.goto(code)
    else:
        page.goto(site.page(SHOP, as_page(platform.id, mode, code)))
    expect_chat(page, platform.id, mode)


def test_frame_needs_one_directive(page: Page, site: Sites, widget: MakeWidget) -> None:
    made = widget()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    iframe = next(platform for platform in PLATFORMS if platform.id == "iframe")
    code = iframe.guide(embed_of(made, Options(Mode.INLINE))).file.code
    directive = next(line for line in csp_lines(made).splitlines() if line.startswith("frame-src"))
    policy = {"Content-Security-Policy": f"default-src 'none'; {directive}"}
    page.goto(site.page(SHOP, as_page("iframe", Mode.INLINE, code), policy))
    expect_chat(page, "iframe", Mode.INLINE)
    assert refused == []


@pytest.mark.parametrize("mode", [Mode.POPUP, Mode.INLINE])
def test_named_policy_is_enough(page: Page, site: Sites, widget: MakeWidget, mode: Mode) -> None:
    made = widget()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
    code = HTML.guide(embed_of(made, Options(mode))).file.code
    policy = f"default-src 'none'; {csp_lines(made)}".replace("\n", " ")
    page.goto(site.page(SHOP, as_page("html", mode, code), {"Content-Security-Policy": policy}))
    expect_chat(page, "html", mode)
    assert refused == []


def test_inline_chat_has_the_height_that_was_chosen(page: Page, site: Sites, widget: MakeWidget) -> None:
    code = HTML.guide(embed_of(widget(), Options(Mode.INLINE, "help", 500))).file.code
    page.goto(site.page(SHOP, as_page("html", Mode.INLINE, code)))
    expect_chat(page, "html", Mode.INLINE)
    assert page.locator("#help").bounding_box()["height"] == 500


def test_hostile_label_stays_text(page: Page, site: Sites, secure_product: Any, settings: Any) -> None:
    from tests.build import make_license, make_widget  # noqa: PLC0415

    settings.EMBED_URL = secure_product.embed
    label = "</button><img src=x onerror=window.hacked=1>{{1}}"
    made = make_widget(make_license(), configuration={"launcher": {"label": label}})
    page.goto(site.page(SHOP, as_page("html", Mode.API, HTML.guide(embed_of(made, Options(Mode.API))).file.code)))
    expect(page.get_by_role("button", name=label)).to_be_visible()
    assert page.evaluate("window.hacked") is None
