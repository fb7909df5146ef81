"""A conversation in the chat UI of n8n widgets: sending, streaming, failing, trying again."""

import re
from collections.abc import Callable
from queue import Queue

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.loader_page import stand_still, until
from tests.e2e.n8nui_page import STORED, appears, bubbles, reaches, remember, send, shows, stored, submit
from tests.e2e.n8nui_server import FrameServer, answer, sse

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.e2e.n8nui_fixtures"]

Chat = Callable[[], Page]
LIMITED = (429, {"error": {"code": "rate_limited", "message": "A little fast.", "retry_after": 30}})
# Each one waits for what is not there yet: what was read before has been worked on.
COUNT_READS = """(() => {
  const { prototype } = ReadableStreamDefaultReader, { read } = prototype;
  window.reads = 0;
  prototype.read = function () { window.reads += 1; return read.call(this); };
})()"""
# Until the page has heard of it.
SCROLL_UP = """log => new Promise((heard) => {
  log.addEventListener("scroll", () => heard(), { once: true });
  log.scrollTop = 0;
})"""
FAILED = (502, {"error": {"code": "n8n_workflow_failed", "message": "The assistant ran into a problem."}})


@pytest.fixture(autouse=True)
def _rows_for_the_server() -> None:
    """No database here."""


def test_before_the_first_message_nothing_is_sent_or_stored(server: FrameServer, chat: Chat) -> None:
    page = chat()
    page.get_by_role("textbox").fill("Not yet")

    assert page.locator(".greeting .bubble").all_inner_texts() == server.boot["config"]["greeting"]
    assert page.locator(".prompts button").all_inner_texts() == ["Opening hours", "Book a repair"]
    assert server.asked == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_a_message_and_its_answer(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("We are open **daily**.")]
    page = chat()

    send(page, "  When?\nToday?  ")
    shows(page, "When?\nToday?", "We are open daily.")

    ((path, body, headers),) = [asked for asked in server.asked if asked[0] != "/api/events"]
    assert path == "/api/n8n/messages"
    assert body == {"conversation": stored(page)["conversation"], "text": "When?\nToday?"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,64}", body["conversation"])
    assert headers["X-Chatdock-Widget"] == "lic_1/wgt_1"
    assert page.get_by_role("textbox").input_value() == ""
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert [(m["role"], m["text"]) for m in stored(page)["messages"]] == [
        ("user", "When?\nToday?"),
        ("assistant", "We are open **daily**."),
    ]


def test_one_conversation_has_one_id_and_the_renewed_visitor_token(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("One"), answer("Two")]
    page = chat()

    send(page, "First")
    appears(page, "One")
    send(page, "Second")
    appears(page, "Two")

    first, second = server.messages()
    assert first["conversation"] == second["conversation"]
    assert server.asked[-1][2]["X-Chatdock-Visitor"] == "visitor-token"


def test_an_answer_grows_and_is_spoken_once_complete(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    page = chat()

    send(page, "Hi")
    page.get_by_text("Harbour Bikes is typing…").wait_for(state="attached")
    stream.put(sse("delta", m="a", t="Hello **the"))
    shows(page, "Hi", "Hello the")
    growing = page.locator(".message.assistant").last
    assert growing.get_attribute("aria-live") == "off"
    assert page.locator(".typing").count() == 0
    stream.put(sse("delta", m="a", t="re**"))
    shows(page, "Hi", "Hello there")
    spoken_before = page.locator("#root > .unseen").inner_text()
    stream.put(sse("message", m="a", text="Hello **there**!") + sse("done"))
    stream.put(None)
    shows(page, "Hi", "Hello there!")

    assert spoken_before == ""
    assert page.locator("#root > .unseen p").all_text_contents() == ["Hello there!"]
    assert page.locator(".log").get_attribute("aria-live") == "polite"


def test_several_messages_in_one_answer(server: FrameServer, chat: Chat) -> None:
    deltas = sse("delta", m="a", t="One") + sse("delta", m="b", t="Two") + sse("delta", m="a", t=", more")
    server.replies = [[": ping\n\n", deltas, sse("done")]]
    page = chat()

    send(page, "Hi")

    shows(page, "Hi", "One, more", "Two")


def test_a_stream_may_break_anywhere(server: FrameServer, chat: Chat) -> None:
    whole = sse("delta", m="a", t="Grüße 👋") + sse("message", m="a", text="Grüße 👋!") + sse("done")
    server.replies = [list(whole.replace("\n", "\r\n"))]
    page = chat()

    send(page, "Hi")

    shows(page, "Hi", "Grüße 👋!")


def test_stop_keeps_what_has_come(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    page = chat()
    send(page, "Hi")
    stream.put(sse("delta", m="a", t="Hello"))
    appears(page, "Hello")
    page.wait_for_timeout(600)  # a click sooner counts as the second of a double click on "send"

    page.get_by_role("button", name="Stop answering").click()
    page.locator(".meta").get_by_text("Stopped").wait_for()
    stream.put(None)

    assert bubbles(page) == ["Hi", "Hello"]
    assert page.locator(".notice").count() == 0
    assert page.get_by_role("button", name="Send message").is_visible()


def test_stop_before_the_first_word_offers_another_try(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream, answer("Hello")]
    page = chat()
    send(page, "Hi")
    reaches(page, server, "Hi")  # else it might take the second answer
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Stop answering").click()

    page.get_by_role("button", name="Try again").click()
    stream.put(None)

    shows(page, "Hi", "Hello")


def test_a_double_click_sends_and_does_not_stop(server: FrameServer, page: Page, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    server.boot["page"] = False  # in a full page the composer moves away with the first message
    stand_still(page)  # a slow machine's double click is none
    chat()
    page.get_by_role("textbox").fill("Hi")

    page.get_by_role("button", name="Send message").dblclick()
    stream.put("".join(answer("Hello")))
    stream.put(None)

    shows(page, "Hi", "Hello")


def test_a_draft_stays_while_the_answer_comes(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    page = chat()
    send(page, "Hi")
    page.get_by_role("button", name="Stop answering").wait_for()

    submit(page, "A draft")
    page.get_by_text("Please wait until the answer is complete, or stop it.").wait_for()
    stream.put("".join(answer("Hello")))
    stream.put(None)
    shows(page, "Hi", "Hello")

    assert page.get_by_role("textbox").input_value() == "A draft"
    assert len(server.messages()) == 1


def test_a_failure_says_the_servers_sentence_and_can_be_tried_again(server: FrameServer, chat: Chat) -> None:
    server.replies = [FAILED, answer("Hello")]
    page = chat()
    send(page, "Hi")
    appears(page, "The assistant ran into a problem.")

    page.get_by_role("button", name="Try again").click()
    shows(page, "Hi", "Hello")

    first, second = server.messages()
    assert first == second
    assert page.locator(".notice").count() == 0
    assert page.evaluate("document.activeElement.role") == "log"  # the button that had the focus is gone


def test_another_try_waits_as_long_as_the_server_asks(server: FrameServer, page: Page, chat: Chat) -> None:
    server.replies = [LIMITED]
    stand_still(page)
    chat()
    send(page, "Hi")
    retry = page.locator(".notice button")
    retry.wait_for()
    early = (retry.inner_text(), retry.is_enabled())

    page.clock.run_for(10_000)
    later = (retry.inner_text(), retry.is_enabled())
    page.clock.run_for(21_000)

    assert (early, later) == (("Try again in 30 sec", False), ("Try again in 20 sec", False))
    assert (retry.inner_text(), retry.is_enabled()) == ("Try again", True)


def test_a_failure_amid_an_answer_keeps_it_until_the_next_try(server: FrameServer, chat: Chat) -> None:
    broken = [sse("delta", m="a", t="Half"), sse("error", code="upstream_timeout", message="Not reached.")]
    server.replies = [broken, answer("Whole")]
    page = chat()
    send(page, "Hi")
    appears(page, "Not reached.")
    before = bubbles(page)

    page.get_by_role("button", name="Try again").click()

    shows(page, "Hi", "Whole")
    assert before == ["Hi", "Half"]
    assert [m["text"] for m in stored(page)["messages"]] == ["Hi", "Whole"]


def test_an_answer_that_ends_too_soon(server: FrameServer, chat: Chat) -> None:
    server.replies = [[sse("delta", m="a", t="Half")]]
    page = chat()

    send(page, "Hi")

    appears(page, "The answer was interrupted.")


def test_no_answer_at_all(server: FrameServer, chat: Chat) -> None:
    server.replies = [[sse("done")]]
    page = chat()

    send(page, "Hi")

    appears(page, "No answer has arrived.")


def test_a_silent_connection_is_given_up(server: FrameServer, page: Page, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream]
    stand_still(page)
    page.add_init_script(COUNT_READS)
    chat()
    send(page, "Hi")
    until(page, lambda: page.evaluate("reads"), 1)
    page.clock.run_for(50_000)
    stream.put(": ping\n\n")
    until(page, lambda: page.evaluate("reads"), 2)
    page.clock.run_for(50_000)
    still_there = page.locator(".typing").count()
    page.clock.run_for(15_000)

    appears(page, "The answer was interrupted.")
    stream.put(None)
    assert still_there == 1


def test_leaving_the_page_ends_the_answer_and_coming_back_offers_another_try(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [stream, answer("Hello")]
    page = chat()
    send(page, "Hi")
    page.locator(".typing").wait_for()
    reaches(page, server, "Hi")  # else it might take the second answer

    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    appears(page, "The answer was interrupted.")
    stream.put(None)
    page.get_by_role("button", name="Try again").click()

    shows(page, "Hi", "Hello")


def test_a_starter_prompt_is_sent(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("Daily.")]
    page = chat()

    page.get_by_role("button", name="Opening hours").click()
    shows(page, "When are you open?", "Daily.")

    assert server.messages()[0]["text"] == "When are you open?"
    assert page.locator(".prompts").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_an_answer_can_be_copied(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("We are open **daily**:\n\n```\n9 - 18\n```")]
    page = chat()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    send(page, "Hi")
    appears(page, "9 - 18")

    page.get_by_role("button", name="Copy code").click()
    until(page, lambda: page.evaluate("navigator.clipboard.readText()"), "9 - 18")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.locator("#root > .unseen").get_by_text("Copied").first.wait_for(state="attached")

    whole = "We are open **daily**:\n\n```\n9 - 18\n```"
    until(page, lambda: page.evaluate("navigator.clipboard.readText()"), whole)


def test_messages_say_who_and_when(server: FrameServer, page: Page, chat: Chat) -> None:
    remember(page, server, STORED)
    server.replies = [answer("Hello")]

    chat()
    shows(page, "Hi", "Hello")

    assert page.locator(".message .unseen").all_text_contents()[2:] == ["You said: ", "Harbour Bikes said: "]
    assert page.locator("time").get_attribute("datetime") == "2023-11-14T22:13:20.000Z"
    assert "2023" in (page.locator("time").text_content() or "")


def test_it_follows_the_end_unless_the_visitor_reads_above(server: FrameServer, chat: Chat) -> None:
    stream: Queue[str | None] = Queue()
    server.replies = [answer("\n\n".join(f"line {i}" for i in range(80))), stream]
    page = chat()
    log = page.locator(".log")
    at_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 2"
    send(page, "Hi")
    appears(page, "line 79")
    until(page, lambda: log.evaluate(at_end), True)
    send(page, "More")
    page.locator(".typing").wait_for()
    log.evaluate(SCROLL_UP)

    stream.put("".join(answer("The end")))
    stream.put(None)
    page.get_by_role("button", name="New messages").wait_for()
    stayed = log.evaluate("log => log.scrollTop")
    page.get_by_role("button", name="New messages").click()

    assert stayed == 0
    until(page, lambda: log.evaluate(at_end), True)
    expect(page.get_by_role("button", name="New messages")).to_be_hidden()
