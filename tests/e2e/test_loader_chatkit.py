"""ChatKit's frame: never blank, no session before the visitor looks, a new element for every new beginning."""

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e import loader_chatkit
from tests.e2e.loader_page import until

LIMIT = (429, {"error": {"code": "rate_limited", "message": "That was a little fast.", "retry_after": 5}})
EXPIRED = (401, {"error": {"code": "token_expired", "message": "Please reload the page."}})


@pytest.fixture(scope="module")
def _server():
    with loader_chatkit.served() as server:
        yield server


@pytest.fixture
def server(_server):
    _server.reset()
    return _server


def kits(page):
    """What each element was asked to do."""
    return page.evaluate("(window.kits || []).map(({ secrets, calls }) => ({ secrets, calls }))")


def composer(page):
    return page.get_by_role("textbox", name="Message")


def chat(page):
    frame = page.frame(url=re.compile("/frame$"))
    assert frame
    return frame


def host(page, server, shown=True):
    page.goto(f"{server.url}/host")
    until(page, lambda: page.evaluate("typeof port") == "object", True)
    if shown:
        page.evaluate("tell('shown'); tell('focus')")
        chat(page).get_by_role("textbox", name="Message").wait_for()


def told(page, kind):
    return [message for message in page.evaluate("told") if message["type"] == kind]


def heard(page):
    """Waits until the frame has heard all that it was told: it hears one thing after the other."""
    page.evaluate("tell('prefill', { text: 'the last' })")
    until(page, lambda: kits(chat(page))[-1]["calls"][-1:], [["prefill", {"text": "the last"}]])


def jwt(subject, number=1):
    payload = base64.urlsafe_b64encode(json.dumps({"sub": subject, "n": number}).encode()).decode().rstrip("=")
    return f"e30.{payload}.sig"


def test_full_page_starts_a_session_and_puts_the_cursor_in_place(page, server):
    page.goto(server.url)
    expect(composer(page)).to_be_focused()
    assert kits(page) == [{"secrets": ["secret 1"], "calls": [["focus"]]}]
    expect(page.get_by_role("button", name="Close")).to_be_hidden()
    expect(page.get_by_role("status")).to_be_hidden()


def test_session_is_asked_for_with_the_frame_s_tokens(page, server):
    page.goto(server.url)
    composer(page).wait_for()
    [(body, headers)] = server.sent("session")
    assert (body, headers["x-chatdock-widget"], headers["x-chatdock-page"]) == ({}, "lic_1/wgt_1", "page-token")
    assert page.evaluate("JSON.parse(localStorage['chatdock:wgt_1'])") == {"visitor": "visitor-token"}


def test_options_are_complete_and_the_scheme_is_one_that_chatkit_knows(page, server):
    server.config(colorScheme="auto")
    page.emulate_media(color_scheme="dark")
    page.goto(server.url)
    composer(page).wait_for()
    page.emulate_media(color_scheme="light")
    last = "JSON.parse(JSON.stringify(kits[0].options.map((o) => [o.theme, o.startScreen, o.initialThread])))"
    hello = {"greeting": "Hello"}
    until(
        page,
        lambda: page.evaluate(last),
        [
            [{"radius": "round", "colorScheme": "dark"}, hello, None],
            [{"radius": "round", "colorScheme": "light"}, hello, None],
        ],
    )


def test_nothing_happens_before_the_visitor_looks(page, server):
    host(page, server, shown=False)
    page.wait_for_timeout(300)
    assert server.asked == []
    assert page.evaluate("localStorage.length") == 0


def test_chat_that_shows_itself_waits_to_be_wanted(page, server):
    host(page, server, shown=False)
    page.evaluate("tell('shown')")
    start = chat(page).get_by_role("button", name="Start chat")
    expect(chat(page).get_by_text("Hello")).to_be_visible()
    assert (server.asked, page.evaluate("localStorage.length")) == ([], 0)
    start.press("Enter")
    expect(composer(chat(page))).to_be_focused()
    expect(start).to_be_hidden()
    assert len(server.sent("session")) == 1


def test_popup_can_be_closed_by_button_and_by_escape(page, server):
    host(page, server)
    chat(page).get_by_role("button", name="Close").click()
    chat(page).get_by_role("button", name="Close").press("Escape")
    until(page, lambda: len(told(page, "close")), 2)


def test_calls_wait_for_the_composer(page, server):
    host(page, server, shown=False)
    page.locator("iframe").focus()
    until(page, lambda: chat(page).evaluate("document.hasFocus()"), True)
    page.evaluate("tell('prefill', { text: 'Hel' }); tell('shown'); tell('focus'); tell('send', { text: 'Hello' })")
    calls = [["prefill", {"text": "Hel"}], ["focus"], ["send", {"text": "Hello"}]]
    until(page, lambda: kits(chat(page)), [{"secrets": ["secret 1"], "calls": calls}])


def test_host_hears_of_messages_without_their_text(page, server):
    host(page, server)
    chat(page).evaluate("kits[0].element.say('response.start'); kits[0].element.say('response.end')")
    page.evaluate("tell('hidden')")
    heard(page)
    chat(page).evaluate("kits[0].element.say('response.end')")
    until(page, lambda: told(page, "unread")[-1:], [{"type": "unread", "count": 1}])
    assert [(event["name"], event["detail"]) for event in told(page, "event")] == [
        ("session", {}),
        ("message", {"role": "user"}),
        ("message", {"role": "assistant"}),
        ("message", {"role": "assistant"}),
    ]
    assert told(page, "ready") == [{"type": "ready"}]
    until(page, lambda: server.events("opened") + server.events("ready"), [{"name": "opened"}, {"name": "ready"}])


def test_thread_is_remembered_until_it_is_lost(page, server):
    page.goto(server.url)
    composer(page).wait_for()
    page.evaluate("kits[0].element.say('thread.change', { threadId: 'thr_lost' })")
    page.reload()
    composer(page).wait_for()
    assert page.evaluate("kits[0].options[0].initialThread") == "thr_lost"
    until(page, lambda: page.evaluate("localStorage['chatdock:wgt_1']"), '{"visitor":"visitor-token"}')


def test_refused_first_session_is_a_card_with_retry(page, server):
    server.sessions = [LIMIT]
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("That was a little fast.")
    expect(page.locator("openai-chatkit")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(composer(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("manner", "code"), [("domain", "openai_forbidden"), ("options", "openai_bad_request"), ("gone", "upstream_error")]
)
def test_chatkit_that_gives_up_is_a_card_with_a_new_element(page, server, manner, code):
    server.manner = manner
    page.goto(f"{server.url}/host")
    until(page, lambda: page.evaluate("typeof port") == "object", True)
    page.evaluate("tell('shown'); tell('focus')")
    expect(chat(page).get_by_role("alert")).to_contain_text("cannot be reached right now")
    until(page, lambda: [message["code"] for message in told(page, "failed")], [code])
    until(page, lambda: server.events("failed"), [{"name": "failed", "code": code}])
    chat(page).get_by_role("button", name="Try again").click()
    until(page, lambda: len(kits(chat(page))), 2)
    expect(chat(page).get_by_role("alert")).to_be_visible()
    assert len(server.sent("session")) == 2


def test_chatkit_that_does_not_come_up_is_a_card(page, server):
    server.manner = "silent"
    page.clock.install()
    page.goto(server.url)
    until(page, lambda: len(kits(page)), 1)
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    page.clock.fast_forward(15_100)
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached right now")
    expect(page.get_by_role("status", name="Loading")).to_be_hidden()


def test_script_that_does_not_load_is_a_card_and_is_loaded_again(page, server):
    server.script_status = 500
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached right now")
    server.script_status = 200
    page.get_by_role("button", name="Try again").click()
    expect(composer(page)).to_be_visible()


def test_later_session_that_fails_is_a_banner_until_one_succeeds(page, server):
    page.goto(server.url)
    composer(page).wait_for()
    server.sessions = [LIMIT]
    page.evaluate("kits[0].element.refresh('secret 1')")
    expect(page.get_by_role("alert")).to_contain_text("That was a little fast.")
    expect(composer(page)).to_be_visible()
    page.evaluate("kits[0].element.refresh('secret 1')")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert kits(page)[0]["secrets"] == ["secret 1", "secret 3"]


def test_another_person_gets_another_element_and_thread(page, server):
    host(page, server)
    chat(page).evaluate("kits[0].element.say('thread.change', { threadId: 'thr_1' })")
    page.evaluate("(token) => tell('identify', { token })", jwt("bob"))
    until(page, lambda: len(kits(chat(page))), 2)
    chat(page).get_by_role("textbox", name="Message").wait_for()
    assert chat(page).evaluate("document.querySelectorAll('openai-chatkit').length") == 1
    assert chat(page).evaluate("kits[1].options[0].initialThread") is None
    assert server.sent("session")[-1][1]["x-chatdock-identity"] == jwt("bob")


def test_the_same_person_with_a_fresh_token_goes_on(page, server):
    host(page, server, shown=False)
    page.evaluate("(token) => tell('identify', { token })", jwt("bob"))
    page.evaluate("tell('shown'); tell('focus')")
    chat(page).get_by_role("textbox", name="Message").wait_for()
    page.evaluate("(token) => tell('identify', { token })", jwt("bob", 2))
    heard(page)
    assert len(kits(chat(page))) == 1
    chat(page).evaluate("kits[0].element.refresh('secret 1')")
    until(page, lambda: server.sent("session")[-1][1].get("x-chatdock-identity"), jwt("bob", 2))


def test_custom_backend_is_called_with_our_tokens_and_no_session(page, server):
    server.config(backend="custom", domainKey="domain_pk_1")
    page.goto(server.url)
    composer(page).wait_for()
    page.evaluate("kits[0].options[0].api.fetch('/api/chatkit/backend', { method: 'POST', body: '{}' })")
    until(page, lambda: [headers["x-chatdock-page"] for _, headers in server.sent("backend")], ["page-token"])
    assert server.sent("session") == []
    assert page.evaluate("[kits[0].options[0].api.url, kits[0].options[0].api.domainKey]") == [
        "/api/chatkit/backend",
        "domain_pk_1",
    ]


def test_expired_page_token_reloads_the_frame_once(page, server):
    server.sessions = [EXPIRED, EXPIRED]
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_contain_text("Please reload the page.")
    assert len(server.sent("session")) == 2


def test_custom_backend_reloads_the_frame_once_when_the_page_token_expires_in_mid_use(page, server):
    server.config(backend="custom", domainKey="")
    server.refusals = ["token_expired"] * 2
    page.goto(server.url)
    composer(page).wait_for()
    say = "kits[0].options[0].api.fetch('/api/chatkit/backend', { method: 'POST', body: '{}' })"
    with page.expect_navigation():
        page.evaluate(f"void {say}")
    composer(page).wait_for()
    assert page.evaluate(f"{say}.then(({{ status }}) => status)") == 200  # now the element shows what came
    assert page.evaluate("kits.length") == 1
    assert len(server.sent("backend")) == 2


@pytest.mark.parametrize(("preview", "shown"), [(True, "Good daydark"), (False, "")])
def test_only_the_preview_takes_a_configuration(page, server, preview, shown):
    server.boot["preview"] = preview
    host(page, server)
    before = chat(page).evaluate("JSON.stringify(kits[0].options.at(-1))")
    config = server.boot["config"] | {"colorScheme": "dark", "options": {"startScreen": {"greeting": "Good day"}}}
    page.evaluate("(config) => tell('config', { config })", config)
    if not shown:
        page.wait_for_timeout(300)
        assert chat(page).evaluate("JSON.stringify(kits[0].options.at(-1))") == before
        return
    greeting = "kits[0].options.at(-1).startScreen.greeting + kits[0].options.at(-1).theme"
    until(page, lambda: chat(page).evaluate(greeting), shown)
    assert chat(page).evaluate("document.documentElement.dataset.scheme") == "dark"


def test_demo_says_so(page, server):
    server.config(demo=True)
    page.goto(server.url)
    expect(page.get_by_text("Demo: a stand-in answers here, not OpenAI.")).to_be_visible()
