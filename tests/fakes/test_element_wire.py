"""The stand-in `<openai-chatkit>` in a real browser: secrets, domains and what goes over the wire."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.fakes.element_page import ElementPage, is_pending, new_secret
from tests.fakes.serve import Served

pytestmark = pytest.mark.browser

NOT_LOCAL = "https://embed.test/frame"  # answered by the test itself, but its name counts


def test_message_is_answered_and_events_tell_of_it(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.say("Tell me more")
    one.wait_for("response.end")

    assert one.texts("user") == ["Tell me more"]
    assert [text.split(".")[0] for text in one.texts("assistant")] == ["You said: “Tell me more”"]
    names = [event for event, _ in one.page.evaluate("window.seen")]
    assert names == ["ready", "log", "log", "log", "response.start", "thread.change", "response.end"]
    assert one.seen("log") == ["app.init", "composer.ready", "composer.submit"]
    assert one.page.evaluate("window.asked") == [None]


def test_secret_is_asked_for_when_it_is_about_to_end(context: BrowserContext, fakes: Served) -> None:
    short: dict[str, Any] = {"expires_after": {"anchor": "created_at", "seconds": 30}}
    minted: list[str] = []

    def mint() -> str:
        minted.append(new_secret(fakes, **(short if len(minted) < 2 else {})))
        return minted[-1]

    one = ElementPage(context, fakes, mint)
    with one.page.expect_response("**/conversation"):
        one.mount()
    one.say("hello")
    one.wait_for("response.end")

    assert one.page.evaluate("window.asked") == [None, minted[0], minted[1]]


def test_secret_is_asked_for_once_more_after_a_401(mounted: Callable[..., ElementPage], fakes: Served) -> None:
    one = mounted()
    one.page.wait_for_load_state("networkidle")
    fakes.state.secrets.clear()

    one.say("hello")
    one.wait_for("response.end")

    current = one.page.evaluate("window.asked")
    assert [type(secret) for secret in current] == [type(None), str]
    assert one.texts("user") == ["hello"]


def test_secret_of_another_format_is_an_integration_error(context: BrowserContext, fakes: Served) -> None:
    one = ElementPage(context, fakes, lambda: "ek_plain")

    one.mount()

    one.wait_for("error")
    message = "ChatKitOptions.api.getClientSecret():\n✖ Invalid client secret format"
    assert one.seen("error")[0] == f"IntegrationError: {message}"


def test_missing_secret_on_a_real_domain_removes_the_frame(context: BrowserContext, fakes: Served) -> None:
    def mint() -> str:
        raise RuntimeError("no session")

    one = ElementPage(context, fakes, mint, url=NOT_LOCAL)

    one.mount()

    one.wait_for("error")
    expected = "DomainVerificationRequestError: Domain verification request failed with Unauthorized"
    assert one.seen("error") == [expected]
    expect(one.page.locator(".ck-wrapper")).to_have_count(0)
    assert is_pending(one, "sendUserMessage({ text: 'x' })")


def test_domain_that_is_not_listed_removes_the_frame(context: BrowserContext, fakes: Served) -> None:
    fakes.state.domains = {"https://other.test"}
    one = ElementPage(context, fakes, lambda: new_secret(fakes), url=NOT_LOCAL)

    one.mount()

    one.wait_for("error", "IntegrationError: Domain verification failed for https://embed.test")
    expect(one.page.locator(".ck-wrapper")).to_have_count(0)


def test_listed_domain_chats(context: BrowserContext, fakes: Served) -> None:
    fakes.state.domains = {"https://embed.test"}
    one = ElementPage(context, fakes, lambda: new_secret(fakes), url=NOT_LOCAL)

    one.mount()
    one.say("hello")
    one.wait_for("response.end")

    assert one.texts("user") == ["hello"]


def test_conversation_is_resumed(mounted: Callable[..., ElementPage]) -> None:
    first = mounted()
    first.say("remember this")
    first.wait_for("response.end")
    (change,) = first.seen("thread.change")

    second = mounted({"initialThread": change["threadId"]})
    second.wait_for("thread.load.end")

    assert second.texts("user") == ["remember this"]
    assert second.seen("thread.load.start", "thread.change", "thread.load.end") == [change] * 3


def test_initial_thread_that_is_gone_leaves_the_start_screen(mounted: Callable[..., ElementPage]) -> None:
    one = mounted({"initialThread": "cthr_gone"})

    one.wait_for("error", "InitialThreadLoadError: The initial thread could not be loaded.")
    assert one.seen("thread.change") == [{"threadId": None}]
    expect(one.page.get_by_test_id("greeting")).to_be_visible()
    message = one.page.evaluate("window.element.setThreadId('cthr_gone').catch((error) => error.message)")
    assert message == "Not Found"


def test_feedback_and_retry_are_sent(mounted: Callable[..., ElementPage], fakes: Served) -> None:
    one = mounted({"threadItemActions": {"retry": True}})
    one.say("hello")
    one.wait_for("response.end")

    with one.page.expect_response("**/conversation"):
        one.page.get_by_role("button", name="Good answer").click()
    expect(one.page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    one.page.get_by_role("button", name="Try again").click()
    one.wait_for("response.end", times=2)

    kinds = [received.body["type"] for received in fakes.state.received_by("openai", "/conversation")]
    assert kinds == ["threads.list", "threads.create", "items.feedback", "threads.retry_after_item"]
    assert len(one.texts("assistant")) == 1


@pytest.fixture
def custom(context: BrowserContext, fakes: Served) -> ElementPage:
    """An element with a backend of its own: the tenant's server, on the page's origin."""
    one = ElementPage(context, fakes, lambda: "")
    one.mount({"locale": "de"}, api={"url": f"{fakes.url}/chatkit-server", "domainKey": "local"})
    one.wait_for("log", "composer.ready")
    one.page.wait_for_load_state("networkidle")
    return one


def test_custom_backend_gets_the_wire_format(custom: ElementPage, fakes: Served) -> None:
    custom.say("hello")
    custom.wait_for("response.end")

    listed, created = fakes.state.received_by("chatkit-server")
    assert listed.body == {"type": "threads.list", "params": {"limit": 9999, "order": "desc"}}
    content = [{"type": "input_text", "text": "hello"}]
    message = {"content": content, "quoted_text": "", "attachments": [], "inference_options": {}}
    assert created.body == {"type": "threads.create", "params": {"input": message}}
    names = ("content-type", "accept", "accept-language", "authorization")
    assert [created.headers.get(name) for name in names] == ["application/json", "text/event-stream", "de", None]
    assert created.headers["chatkit-frame-instance-id"] == listed.headers["chatkit-frame-instance-id"]


@pytest.mark.parametrize(
    ("behaviour", "calls", "toasts"),
    [("500", 6, 1), ("not-event-stream", 6, 1), ("429", 1, 1), ("403", 1, 0)],
)
def test_failed_message_is_repeated_or_says_nothing(
    custom: ElementPage, fakes: Served, behaviour: str, calls: int, toasts: int
) -> None:
    rule = {"fake": "chatkit-server", "match": {"type": "threads.create"}, "do": behaviour}
    custom.page.evaluate(
        "([url, rule]) => fetch(url, { method: 'POST', body: JSON.stringify(rule) })",
        [f"{fakes.url}/_control/behave", rule],
    )

    custom.say("hello")
    custom.wait_for("response.end")

    sent = [received.body["type"] for received in fakes.state.received_by("chatkit-server")]
    assert sent == ["threads.list", *["threads.create"] * calls]
    assert custom.seen("log").count("toast.show") == toasts
    assert custom.seen("error") == []


def test_answer_can_be_stopped(custom: ElementPage, fakes: Served) -> None:
    fakes.state.token_pause = 1.0  # it does not end before it is stopped
    custom.say("hello")

    custom.page.get_by_role("button", name="Stop answering").click()

    custom.wait_for("response.end")
    expect(custom.page.get_by_role("button", name="Send message")).to_be_visible()


def test_hosted_chat_has_no_stop_button(mounted: Callable[..., ElementPage], fakes: Served) -> None:
    fakes.state.token_pause = 0.2
    one = mounted()

    one.say("hello")

    expect(one.page.locator("[data-role=assistant]")).to_be_visible()
    expect(one.page.get_by_role("button", name="Stop answering")).to_be_hidden()


def test_header_actions_tools_and_models_of_a_custom_chat(context: BrowserContext, fakes: Served) -> None:
    one = ElementPage(context, fakes, lambda: "")
    tools = [{"id": "t1", "label": "Search", "icon": "search"}]
    models = [{"id": "m1", "label": "Small"}, {"id": "m2", "label": "Big", "default": True}]
    one.mount(
        {"history": {"enabled": False}, "composer": {"tools": tools, "models": models}},
        api={"url": f"{fakes.url}/chatkit-server", "domainKey": "local"},
    )
    one.wait_for("log", "composer.ready")

    one.page.get_by_role("button", name="Search").click()
    one.say("hello")
    one.wait_for("response.end")

    assert one.seen("tool.change") == [{"toolId": "t1"}]
    assert fakes.state.received[-1].body["params"]["input"]["inference_options"] == {
        "model": "m2",
        "tool_choice": {"id": "t1"},
    }
    expect(one.page.get_by_role("button", name="Chat history")).to_have_count(0)
