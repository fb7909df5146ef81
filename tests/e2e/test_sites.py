"""Which sites may show a chat, decided by real browsers across real origins over https."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from embed.models import VisitorSession
from licenses.models import License
from licenses.services import remove_domain, suspend_license
from tests.e2e.chat_site import (
    NOT_HERE,
    SHOP,
    UNAVAILABLE,
    MakeWidget,
    ask,
    expect_answer,
    frame_path,
    loader_path,
    n8n_maker,
    open_chat,
    tag,
    until_heard,
)
from tests.e2e.loader_page import until
from tests.e2e.server import Product
from tests.e2e.sites import Sites
from widgets.services import publish_widget, save_draft, set_enabled

pytestmark = pytest.mark.browser


@pytest.fixture
def product_port(browser_ports: dict[str, int]) -> int:
    return browser_ports["product_port"]


@pytest.fixture
def widget(secure_product: Product, settings: Any) -> MakeWidget:
    return n8n_maker(secure_product, settings)


def test_listed_site_chats_and_nothing_is_kept_before(page: Page, site: Sites, widget: MakeWidget) -> None:
    page.goto(site.page(SHOP, tag(widget())))

    frame = open_chat(page)
    expect(frame.get_by_role("textbox")).to_be_visible()
    assert VisitorSession.objects.count() == 0
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert page.context.cookies() == []

    ask(frame)
    expect_answer(frame)
    assert VisitorSession.objects.get().origin == "https://shop.test"


@pytest.mark.parametrize(
    ("url", "domains", "allowed"),
    [
        ("https://shop.test/", ("shop.test",), True),
        ("https://evil.test/", ("shop.test",), False),
        ("https://www.shop.test/", ("shop.test",), False),
        ("https://www.shop.test/", ("*.shop.test",), True),
        ("https://a.b.shop.test/", ("*.shop.test",), True),
        ("https://shop.test/", ("*.shop.test",), False),
        ("https://shop.test/", ("shop.test:8443",), False),
        ("https://shop.test/", ("shop.test:443",), True),
        ("http://shop.test/", ("shop.test",), False),
        ("https://shop.test/", (), False),
    ],
)
def test_server_and_browser_agree_on_the_list(
    page: Page, site: Sites, widget: MakeWidget, url: str, domains: tuple[str, ...], allowed: bool
) -> None:
    page.goto(site.page(url, tag(widget(domains=domains))))

    frame = open_chat(page)

    if allowed:
        expect(frame.get_by_role("textbox")).to_be_visible()
    else:
        expect(frame.get_by_text(NOT_HERE)).to_be_visible()


def test_site_that_is_not_listed_reads_why_in_its_console(page: Page, site: Sites, widget: MakeWidget) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.page("https://evil.test/", tag(widget())))
    page.evaluate("window.errors = []; Chatdock.on('error', (e) => errors.push(e.code))")

    expect(open_chat(page).get_by_text(NOT_HERE)).to_be_visible()

    until(page, lambda: page.evaluate("errors"), ["domain_not_allowed"])
    until(page, lambda: any("domain_not_allowed" in line for line in said), True)


def test_evil_page_framing_a_good_one_is_blocked_by_the_browser(page: Page, site: Sites, widget: MakeWidget) -> None:
    site.page(SHOP, tag(widget(), 'data-mode="popup"'))
    page.goto(site.page("https://evil.test/", f'<iframe src="{SHOP}" width=900 height=700></iframe>'))

    inner = page.frame_locator("iframe")
    inner.get_by_role("button", name="Chat with us").click()

    page.wait_for_timeout(1500)
    assert not any(frame.url.startswith("https://widgets.test/widget/") for frame in page.frames)
    expect(inner.frame_locator("chat-dock iframe").get_by_role("textbox")).to_have_count(0)
    assert VisitorSession.objects.count() == 0


def test_evil_page_framing_the_chat_itself_gets_the_refusal(page: Page, site: Sites, widget: MakeWidget) -> None:
    made = widget()
    source = f"https://widgets.test/widget/n8n/{made.license.public_id}?widget={made.public_id}"
    page.goto(site.page("https://evil.test/", f'<iframe src="{source}"></iframe>'))

    expect(page.frame_locator("iframe").get_by_text(NOT_HERE)).to_be_visible()


def test_evil_page_that_hides_its_name_is_blocked_by_the_browser(page: Page, site: Sites, widget: MakeWidget) -> None:
    made = widget()
    source = f"https://widgets.test/widget/n8n/{made.license.public_id}?widget={made.public_id}"
    html = f'<iframe src="{source}" referrerpolicy="no-referrer"></iframe>'
    page.goto(site.page("https://evil.test/", html))

    page.wait_for_timeout(700)
    expect(page.frame_locator("iframe").get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("policy", ["no-referrer", "same-origin"])
def test_site_that_hides_its_name_still_chats(page: Page, site: Sites, widget: MakeWidget, policy: str) -> None:
    page.goto(site.page(SHOP, tag(widget()), {"Referrer-Policy": policy}))

    frame = open_chat(page)
    ask(frame)

    expect_answer(frame)


def test_sandboxed_page_is_refused(page: Page, site: Sites, widget: MakeWidget) -> None:
    headers = {"Content-Security-Policy": "sandbox allow-scripts"}
    page.goto(site.page(SHOP, tag(widget()), headers))

    frame = open_chat(page)

    page.wait_for_timeout(1000)
    expect(frame.get_by_role("textbox")).to_have_count(0)
    assert VisitorSession.objects.count() == 0


def test_expired_licence_draws_no_launcher_and_says_why(page: Page, site: Sites, widget: MakeWidget) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.page(SHOP, tag(widget(expires_at=timezone.now() - timedelta(days=30)))))

    until(page, lambda: any("license_expired" in line for line in said), True)
    expect(page.locator("chat-dock")).to_have_count(0)


def test_suspending_ends_a_running_chat_within_seconds(
    page: Page, site: Sites, widget: MakeWidget, product_port: int
) -> None:
    made = widget()
    page.goto(site.page(SHOP, tag(made)))
    frame = open_chat(page)
    ask(frame)
    expect_answer(frame)

    level = License.Level.PLATFORM
    suspend_license(actor=None, license=made.license, level=level, reason="test", now=timezone.now())
    until_heard(product_port, frame_path(made), UNAVAILABLE)
    ask(frame, "still there?")

    expect(frame.get_by_text(UNAVAILABLE)).to_be_visible()


def test_removing_the_domain_ends_a_running_chat(
    page: Page, site: Sites, widget: MakeWidget, product_port: int
) -> None:
    made = widget()
    page.goto(site.page(SHOP, tag(made)))
    frame = open_chat(page)
    ask(frame)
    expect_answer(frame)

    remove_domain(actor=None, rule=made.license.domain_rules.get())
    until_heard(product_port, frame_path(made), NOT_HERE)
    ask(frame, "still there?")

    expect(frame.get_by_text(NOT_HERE)).to_be_visible()


def test_quota_reached_is_told(page: Page, site: Sites, widget: MakeWidget) -> None:
    page.goto(site.page(SHOP, tag(widget(limits={"sessions_day": 0}))))

    frame = open_chat(page)
    ask(frame)

    expect(frame.get_by_text("This chat has reached its limit for now. Please try again later.")).to_be_visible()


STRICT = (
    "default-src 'none'; script-src 'nonce-n0' https://widgets.test; style-src 'self'; frame-src https://widgets.test; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def test_strict_site_is_not_violated(page: Page, site: Sites, widget: MakeWidget) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.page(SHOP, tag(widget()), {"Content-Security-Policy": STRICT}))

    frame = open_chat(page)
    ask(frame)

    expect_answer(frame)
    assert said == []


def test_second_tag_does_no_harm(page: Page, site: Sites, widget: MakeWidget) -> None:
    made = widget()
    page.goto(site.page(SHOP, tag(made) + tag(made)))

    expect(page.get_by_role("button", name="Chat with us")).to_have_count(1)
    expect(open_chat(page).get_by_role("textbox")).to_be_visible()


def test_inline_chat_fills_its_place(page: Page, site: Sites, widget: MakeWidget) -> None:
    html = '<style>#chat{width:420px;height:560px}</style><div id="chat"></div>'
    page.goto(site.page(SHOP, html + tag(widget(), 'data-mode="inline" data-target="#chat"')))

    frame = page.frame_locator("#chat iframe")
    ask(frame)

    expect_answer(frame)
    box = page.locator("#chat iframe").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (420, 560)


def test_full_page_chat_needs_no_site(page: Page, widget: MakeWidget) -> None:
    made = widget(domains=())
    page.goto(f"https://widgets.test/widget/n8n/{made.license.public_id}?widget={made.public_id}")

    ask(page)

    expect_answer(page)
    assert VisitorSession.objects.get().evidence == "page"


def test_calls_made_before_the_tag_are_kept(page: Page, site: Sites, widget: MakeWidget) -> None:
    early = "<script>window.Chatdock = []; Chatdock.push(['open'], ['send', 'hello']);</script>"
    page.goto(site.page(SHOP, early + tag(widget())))

    expect_answer(page.frame_locator("chat-dock iframe"))


def test_unpublished_change_stays_off_the_site_until_published(
    page: Page, site: Sites, widget: MakeWidget, product_port: int
) -> None:
    made = widget()
    draft = {**made.draft, "launcher": {**made.draft["launcher"], "label": "Say hello"}}
    made = save_draft(actor=None, widget=made, configuration=draft)
    page.goto(site.page(SHOP, tag(made)))
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()

    publish_widget(actor=None, widget=made)
    until_heard(product_port, loader_path(made), "Say hello")
    _come_again(page)

    expect(page.get_by_role("button", name="Say hello")).to_be_visible()


def test_who_was_on_the_site_before_sees_the_chat_go_and_come(
    page: Page, site: Sites, widget: MakeWidget, product_port: int
) -> None:
    made, launcher = widget(), page.get_by_role("button", name="Chat with us")
    page.goto(site.page(SHOP, tag(made)))
    expect(launcher).to_be_visible()

    set_enabled(actor=None, widget=made, enabled=False)
    until_heard(product_port, loader_path(made), "widget_disabled")
    with page.expect_console_message(lambda message: "widget_disabled" in message.text):
        _come_again(page)
    expect(page.locator("chat-dock")).to_have_count(0)

    set_enabled(actor=None, widget=made, enabled=True)
    until_heard(product_port, loader_path(made), "Chat with us")
    _come_again(page)
    expect(launcher).to_be_visible()


def _come_again(page: Page) -> None:
    """With all that the browser has kept, five seconds after what was changed."""
    page.wait_for_timeout(5_000)
    page.goto("about:blank")
    page.goto(SHOP)
