"""The chat UI within a site's page, its looks, and what assistive technology finds."""

import base64
import json
from collections.abc import Callable
from queue import Queue
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page, expect

from embed.assets import get_asset
from tests.e2e.loader_page import until
from tests.e2e.n8nui_page import idle, reaches
from tests.e2e.n8nui_server import FrameServer, answer, sse

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.e2e.n8nui_fixtures"]

Chat = Callable[[], Page]
Embedded = Callable[..., Frame]
RIGHT = "element => element.getBoundingClientRect().right"


@pytest.fixture(autouse=True)
def _rows_for_the_server() -> None:
    """No database here."""


def tell(page: Page, **message: Any) -> None:
    """The loader speaks; the frame has heard it when this returns."""
    page.evaluate("message => tell(message)", message)
    page.wait_for_timeout(50)


def told(page: Page, kind: str) -> list[Any]:
    return [message for message in page.evaluate("told") if message["type"] == kind]


def focused(place: Page | Frame) -> str:
    return str(place.evaluate("document.activeElement.tagName"))


def identity(subject: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"sub": subject}).encode()).decode().rstrip("=")
    return f"header.{payload}.signature"


def test_the_site_hears_of_messages_but_not_what_they_say(server: FrameServer, page: Page, embedded: Embedded) -> None:
    server.replies = [answer("Hello"), (502, {"error": {"code": "upstream_error", "message": "Not now."}})]
    frame = embedded()

    tell(page, type="send", text=" Hi ")
    frame.get_by_text("Hello", exact=True).first.wait_for()
    tell(page, type="send", text="Again")
    frame.get_by_text("Not now.").wait_for()

    assert [message["text"] for message in server.messages()] == ["Hi", "Again"]
    wanted = [
        ("message", {"role": "user"}),
        ("session", {}),
        ("message", {"role": "assistant"}),
        ("message", {"role": "user"}),
        ("error", {"code": "upstream_error"}),
    ]
    until(page, lambda: [(event["name"], event["detail"]) for event in told(page, "event")], wanted)


def test_messages_of_the_site_wait_for_the_answer(server: FrameServer, page: Page, embedded: Embedded) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream, answer("Two")]
    frame = embedded()
    tell(page, type="send", text="First")
    tell(page, type="send", text="Second")
    reaches(page, server, "First")

    stream.put("".join(answer("One")))
    stream.put(None)
    frame.get_by_text("Two", exact=True).first.wait_for()

    assert frame.locator(".messages .bubble").all_inner_texts() == ["First", "One", "Second", "Two"]


def test_prefill_writes_and_does_not_send(server: FrameServer, page: Page, embedded: Embedded) -> None:
    frame = embedded()

    tell(page, type="prefill", text="I would like")

    expect(frame.get_by_role("textbox")).to_have_value("I would like")
    assert (server.messages(), focused(page)) == ([], "BODY")


def test_a_text_of_the_site_that_is_too_long_is_left_to_the_visitor(
    server: FrameServer, page: Page, embedded: Embedded
) -> None:
    frame = embedded()

    tell(page, type="send", text="x" * 8001)

    expect(frame.get_by_role("textbox")).to_have_value("x" * 8001)
    assert frame.locator("#hint").inner_text().startswith("Your message is too long.")


@pytest.mark.parametrize(("mode", "count"), [("popup", 1), ("none", 1), ("inline", 0)])
def test_only_what_was_opened_can_be_closed(page: Page, embedded: Embedded, mode: str, count: int) -> None:
    frame = embedded(mode)

    for button in frame.get_by_role("button", name="Close chat").all():
        button.click()
    frame.get_by_role("textbox").press("Escape")
    page.wait_for_timeout(50)

    assert frame.get_by_role("button", name="Close chat").count() == count
    until(page, lambda: len(told(page, "close")), 2 * count)


def test_a_full_page_cannot_be_closed(chat: Chat) -> None:
    page = chat()

    assert page.get_by_role("button", name="Close chat").count() == 0
    assert focused(page) == "TEXTAREA"


@pytest.mark.parametrize("mode", ["popup", "inline", "none"])
def test_an_embedded_chat_takes_the_focus_only_when_asked(page: Page, embedded: Embedded, mode: str) -> None:
    frame = embedded(mode)

    tell(page, type="shown")
    tell(page, type="focus")
    shown = focused(page)
    page.locator("iframe").focus()

    assert shown == "BODY"
    until(page, lambda: (focused(page), focused(frame)), ("IFRAME", "TEXTAREA"))


def test_the_first_letter_goes_where_one_types(page: Page, embedded: Embedded) -> None:
    """Safari lets no field of a frame take the focus before that."""
    frame = embedded()
    page.locator("iframe").focus()

    page.keyboard.press("ControlOrMeta+a")
    before = focused(frame)
    page.keyboard.type("Hi")

    assert (before, frame.get_by_role("textbox").input_value()) == ("BODY", "Hi")


def test_no_keyboard_pops_up_on_touch(chromium: Browser, server: FrameServer) -> None:
    context = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("textbox").wait_for()

    assert focused(page) == "MAIN"
    context.close()


def test_answers_are_counted_while_the_chat_is_hidden(server: FrameServer, page: Page, embedded: Embedded) -> None:
    server.replies = [answer("One"), answer("Two"), answer("Three")]
    frame = embedded()
    for text, said in (("a", "One"), ("b", "Two")):
        tell(page, type="send", text=text)
        frame.get_by_text(said, exact=True).first.wait_for()
    tell(page, type="shown")
    tell(page, type="send", text="c")
    frame.get_by_text("Three", exact=True).first.wait_for()

    until(page, lambda: [message["count"] for message in told(page, "unread")], [1, 2, 0])


@pytest.mark.parametrize(
    ("before", "now", "bubbles"), [("alice", "bob", 0), ("alice", "", 0), ("alice", "alice", 2), ("", "alice", 2)]
)
def test_another_persons_conversation_is_not_shown(
    server: FrameServer, page: Page, embedded: Embedded, before: str, now: str, bubbles: int
) -> None:
    server.replies = [answer("Hello alice")]
    frame = embedded()
    tell(page, type="identify", token=before and identity(before))
    tell(page, type="send", text="Hi")
    frame.get_by_text("Hello alice").first.wait_for()

    frame = embedded()
    tell(page, type="identify", token=now and identity(now))

    expect(frame.locator(".messages .bubble")).to_have_count(bubbles)
    memory = frame.evaluate("JSON.parse(localStorage.getItem('chatdock:wgt_1'))")
    assert ("conversation" in memory) == (bubbles > 0)


def test_the_preview_shows_every_change_at_once(server: FrameServer, page: Page, embedded: Embedded) -> None:
    frame = embedded()
    config = server.boot["config"] | {
        "title": "Garden",
        "subtitle": "",
        "greeting": ["Welcome"],
        "placeholder": "Ask",
        "prompts": [],
        "disclaimer": "See [here](https://example.com/).",
        "theme": {"scheme": "dark", "accent": "#00a36c", "radius": 0, "fontSize": 18},
        "header": {"enabled": False, "avatar": None},
        "files": {"enabled": True, "maxCount": 1, "maxBytes": 1, "accept": []},
    }

    tell(page, type="config", config=config)

    expect(frame.locator("h1")).to_have_text("Garden")
    assert frame.locator(".avatar").is_hidden()
    assert frame.locator(".greeting .bubble").all_inner_texts() == ["Welcome"]
    assert frame.get_by_role("textbox", name="Ask").is_visible()
    assert frame.locator(".prompts").is_hidden()
    assert frame.get_by_role("link", name="here").get_attribute("href") == "https://example.com/"
    assert frame.get_by_role("button", name="Attach files").is_visible()
    looks = "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.fontSize] }"
    assert frame.evaluate(looks) == ["rgb(21, 23, 28)", "18px"]
    assert frame.locator(".greeting .bubble").evaluate("e => getComputedStyle(e).borderRadius") == "0px"


@pytest.mark.parametrize(
    ("scheme", "system", "background"),
    [
        ("auto", "light", "rgb(255, 250, 240)"),
        ("auto", "dark", "rgb(21, 23, 28)"),
        ("light", "dark", "rgb(255, 250, 240)"),
        ("dark", "light", "rgb(255, 250, 240)"),
    ],
)
def test_colours_follow_the_theme_and_the_system(
    server: FrameServer, page: Page, chat: Chat, scheme: str, system: Any, background: str
) -> None:
    server.config(theme={"scheme": scheme, "background": "#fffaf0"})
    page.emulate_media(color_scheme=system)

    chat()

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background


def test_words_come_from_the_server_where_it_has_them(server: FrameServer, chat: Chat) -> None:
    server.boot |= {"lang": "ar", "dir": "rtl", "strings": {"send": "أرسل", "saidYou": "قلت:"}}
    server.replies = [answer("مرحبًا:\n\n1. واحد `one`\n\n```\ncode\n```")]
    page = chat()
    page.get_by_role("textbox").fill("Hi")

    page.get_by_role("button", name="أرسل").click()
    page.locator("pre").wait_for()

    direction = "e => getComputedStyle(e).direction"
    assert page.locator("ol").evaluate(direction) == "rtl"
    assert page.locator("pre").evaluate(direction) == "ltr"
    assert page.locator(".user .bubble").evaluate(direction) == "ltr"


def test_branding_is_a_plain_link(server: FrameServer, chat: Chat) -> None:
    link = chat().get_by_role("link", name="Powered by Chatdock")

    assert (link.get_attribute("rel"), link.get_attribute("href")) == ("noopener", "https://app.example/")
    server.boot["brand"] = None
    assert chat().get_by_role("link").count() == 0


TALK = """A **list**:

- one [link](https://example.com/)

> quote

```js
let a = 1;
```

| a | b |
|---|---|
| 1 | 2 |"""


def open_state(state: str, server: FrameServer, chat: Chat) -> Page:
    """The chat in one of the states that look different."""
    server.config(disclaimer="Answers may be wrong. See our [notice](https://example.com/).")
    server.boot["config"]["files"]["enabled"] = state == "files"
    server.boot["config"]["header"]["enabled"] = state != "bare"
    replies: dict[str, list[Any]] = {
        "talk": [answer(TALK)],
        "streaming": [[sse("delta", m="a", t=TALK)]],
        "error": [(429, {"error": {"code": "rate_limited", "message": "A little fast.", "retry_after": 99}})],
    }
    server.replies = replies.get(state, [answer("Hello")])
    page = chat()
    if state == "files":
        kinds = {"notes.txt": "text/plain", "run.exe": "application/x-msdownload"}
        files: Any = [{"name": name, "mimeType": kind, "buffer": b"x"} for name, kind in kinds.items()]
        page.locator("input[type=file]").set_input_files(files)
    elif state != "empty":
        page.get_by_role("textbox").fill("Hi")
        page.get_by_role("textbox").press("Enter")
        page.locator(".notice" if state in ("error", "streaming") else ".assistant .copy").last.wait_for()
        idle(page)
    if state == "asking":
        page.get_by_role("button", name="Start over").click()
    return page


@pytest.mark.parametrize("state", ["empty", "talk", "streaming", "error", "files", "asking", "bare"])
def test_axe_finds_nothing(server: FrameServer, page: Page, chat: Chat, state: str) -> None:
    open_state(state, server, chat)
    found = []
    schemes: tuple[Any, ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += [(fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(page).response["violations"]]

    assert found == []


OUTSIDE = """() => [...document.querySelectorAll("button, textarea, .bubble, footer, header")].filter((element) => {
  const { left, right, width } = element.getBoundingClientRect();
  return width && (left < 0 || right > innerWidth);
}).map((element) => element.outerHTML)"""
SMALL = """() => [...document.querySelectorAll("button")].filter((button) => button.offsetWidth).filter((button) => {
  const grown = button.matches(".small") ? 16 : 0;
  return Math.min(button.offsetWidth, button.offsetHeight) + grown < 44;
}).map((button) => button.outerHTML)"""


@pytest.mark.parametrize("state", ["empty", "talk", "error", "files", "asking"])
def test_nothing_is_cut_off_or_too_small_when_zoomed(server: FrameServer, page: Page, chat: Chat, state: str) -> None:
    server.config(title="A rather long title of a chat that does not fit", greeting=["W" * 80])
    open_state(state, server, chat)

    for width, height in ((320, 256), (360, 740), (720, 450)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".composer").scroll_into_view_if_needed()
        outside, small = page.evaluate(OUTSIDE), page.evaluate(SMALL)
        scrolls = page.evaluate("document.documentElement.scrollWidth > innerWidth")

        assert (outside, small, scrolls, page.locator(".composer").is_visible()) == ([], [], False, True)


def test_the_tab_key_goes_from_top_to_bottom(server: FrameServer, chat: Chat) -> None:
    page = open_state("talk", server, chat)
    page.locator("#root").focus()
    seen = []
    for _ in range(11):
        page.keyboard.press("Tab")
        name = "e => e.ariaLabel || e.textContent.trim() || e.tagName"
        seen.append(page.evaluate(f"({name})(document.activeElement)"))

    assert seen == [
        "Start over", "Conversation", "link", "Copy code", "let a = 1;", "Table", "Copy",
        "Write a message", "Send message", "notice", "Powered by Chatdock",
    ]  # fmt: skip


def test_the_page_stays_within_its_budget() -> None:
    names = ("frame.css", "frame-n8n.css", "frame-n8n.js")

    assert sum(len(get_asset(name).br) for name in names) < 28 * 1024  # and 2 KB of HTML


def test_a_title_that_runs_the_other_way_keeps_its_start(server: FrameServer, chat: Chat) -> None:
    server.boot["dir"] = "rtl"
    server.boot["config"]["title"] = "Harbour Bikes " * 30
    page = chat()
    title, room = page.locator("h1"), page.locator(".titles")
    assert title.evaluate("title => getComputedStyle(title).direction") == "ltr"
    server.boot["config"]["title"] = "Bikes"
    page.reload()
    assert title.evaluate(RIGHT) == room.evaluate(RIGHT)
