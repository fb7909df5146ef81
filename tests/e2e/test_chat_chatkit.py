"""A visitor's time with a ChatKit widget, on an https origin where the element hides nothing that fails."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from embed.models import VisitorSession
from licenses.models import License
from licenses.services import suspend_license
from tests.build import make_license, make_widget
from tests.e2e.chat_site import BUSY, SHOP, UNAVAILABLE, ask, expect_answer, open_chat, tag
from tests.e2e.loader_page import until
from tests.e2e.server import Product
from tests.e2e.sites import Sites
from tests.fakes.behaviour import preset
from tests.fakes.serve import Served
from tests.fakes.state import Rule
from widgets.models import Widget

pytestmark = pytest.mark.browser


@pytest.fixture
def widget(secure_product: Product) -> Widget:
    return make_widget(make_license(), "chatkit")


@pytest.fixture(autouse=True)
def _near(context: Any) -> None:
    """The stand-in's script comes from a loopback address, which a public page may not load unasked."""
    context.grant_permissions(["local-network-access"], origin="https://widgets.test")


def fail(standins: Served, do: str, times: int | None = None) -> None:
    standins.state.rules.append(Rule("openai", {"path": "/chatkit/sessions"}, preset(do), times))


def test_visitor_chats_with_the_agent(page: Page, site: Sites, widget: Widget, standins: Served) -> None:
    page.goto(site.page(SHOP, tag(widget)))

    frame = open_chat(page)
    ask(frame)

    expect_answer(frame)
    assert VisitorSession.objects.get().origin == "https://shop.test"
    assert next(iter(standins.state.sessions.values())).answer["user"] == VisitorSession.objects.get().visitor


def test_hovering_starts_no_session(page: Page, site: Sites, widget: Widget, standins: Served) -> None:
    page.goto(site.page(SHOP, tag(widget)))

    page.get_by_role("button", name="Chat with us").hover()
    expect(page.frame_locator("chat-dock iframe").locator("#root")).to_have_count(1)
    page.wait_for_timeout(500)

    assert standins.state.sessions == {}
    assert VisitorSession.objects.count() == 0


def test_inline_and_full_page(page: Page, site: Sites, widget: Widget) -> None:
    html = '<style>#chat{height:600px}</style><div id="chat"></div>'
    page.goto(site.page(SHOP, html + tag(widget, 'data-mode="inline" data-target="#chat"')))
    inline = page.frame_locator("#chat iframe")
    start = inline.get_by_role("button", name="Start chat")
    expect(start).to_be_visible()
    assert not VisitorSession.objects.exists()  # nobody has asked for it yet
    start.click()
    ask(inline)
    expect_answer(inline)

    page.goto(f"https://widgets.test/widget/chatkit/{widget.license.public_id}?widget={widget.public_id}")
    ask(page)
    expect_answer(page)


@pytest.mark.parametrize(
    ("do", "sentence"),
    [("401", UNAVAILABLE), ("404", UNAVAILABLE), ("503-no-retry", BUSY), ("junk", BUSY), ("reset", BUSY)],
)
def test_failure_shows_a_card_never_a_blank_frame(
    page: Page, site: Sites, widget: Widget, standins: Served, do: str, sentence: str
) -> None:
    fail(standins, do, times=2)
    page.goto(site.page(SHOP, tag(widget)))

    frame = open_chat(page)
    expect(frame.get_by_role("alert").get_by_text(sentence)).to_be_visible()
    standins.state.rules.clear()
    frame.get_by_role("button", name="Try again").click()

    ask(frame)
    expect_answer(frame)


def test_slow_upstream_waits_in_words(page: Page, site: Sites, widget: Widget, standins: Served) -> None:
    fail(standins, "slow-2", times=1)
    page.goto(site.page(SHOP, tag(widget)))

    frame = open_chat(page)
    expect(frame.get_by_role("status")).to_be_visible()

    ask(frame)
    expect_answer(frame)


def test_script_that_does_not_load_shows_a_card(page: Page, site: Sites, widget: Widget) -> None:
    page.route("**/cdn/chatkit.js", lambda route: route.abort())
    page.goto(site.page(SHOP, tag(widget)))

    expect(open_chat(page).get_by_role("alert")).to_be_visible()


def test_reload_resumes_the_thread(returning: Page, site: Sites, widget: Widget, standins: Served) -> None:
    returning.goto(site.page(SHOP, tag(widget)))
    frame = open_chat(returning)
    ask(frame)
    expect_answer(frame)

    returning.reload()

    expect_answer(open_chat(returning))
    assert VisitorSession.objects.count() == 1


def test_suspended_licence_ends_the_next_refresh(page: Page, site: Sites, widget: Widget) -> None:
    page.goto(site.page(SHOP, tag(widget)))
    frame = open_chat(page)
    ask(frame)
    expect_answer(frame)

    level = License.Level.PLATFORM
    suspend_license(actor=None, license=widget.license, level=level, reason="test", now=timezone.now())

    def refused() -> bool:
        page.goto(f"https://widgets.test/widget/chatkit/{widget.license.public_id}?widget={widget.public_id}")
        return page.get_by_text(UNAVAILABLE).is_visible()

    until(page, refused, True)  # once the product has heard of it


def test_options_reach_the_element_and_keys_do_not(page: Page, site: Sites, secure_product: Product) -> None:
    configuration = {
        "start_screen": {"greeting": "What shall we brew?", "prompts": [{"label": "Open?", "prompt": "Open today?"}]},
        "composer": {"placeholder": "Ask the barista"},
        "disclaimer": {"text": "It can be wrong."},
    }
    widget = make_widget(make_license(), "chatkit", configuration=configuration)
    page.goto(site.page(SHOP, tag(widget)))

    frame = open_chat(page)

    for text in ("What shall we brew?", "Open?", "It can be wrong."):
        expect(frame.get_by_text(text)).to_be_visible()
    expect(frame.get_by_placeholder("Ask the barista")).to_be_visible()
    assert "sk-demo" not in page.content() + frame.locator("html").inner_html()
    assert "wf_demo" not in frame.locator("html").inner_html()


def test_own_chatkit_server_answers_through_the_relay(
    page: Page, site: Sites, secure_product: Product, standins: Served, settings: Any
) -> None:
    settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
    connection = {"backend": "custom", "url": f"{standins.url}/chatkit-server"}
    widget = make_widget(make_license(), "chatkit", connection=connection)
    page.goto(site.page(SHOP, tag(widget)))

    frame = open_chat(page)
    ask(frame)

    expect_answer(frame)
    assert standins.state.sessions == {}
