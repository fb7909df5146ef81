"""`POST /api/n8n/messages` and `/history` through the gate, against a stand-in n8n."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from analytics import incidents
from analytics.models import Incident
from config.asgi import application
from core.ids import new_id
from core.slots import Slots
from embed.models import VisitorSession
from n8n_relay import views
from tests.build import make_license, make_widget
from tests.core.lane_app import Exchange
from tests.fakes import serve
from tests.frames import SITE, Frame, code_of

pytestmark = pytest.mark.django_db(transaction=True)

CONVERSATION = "conversation-0001"


@pytest.fixture
def upstream(standins: serve.Served, settings: Any) -> serve.Served:
    settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
    return standins


def open_frame(client: Client, upstream: serve.Served, mode: str = "stream", **widget: Any) -> Frame:
    connection = {"url": f"{upstream.url}/n8n/webhook/{mode}/chat", **widget.pop("connection", {})}
    return Frame(client, make_widget(connection=connection, **widget))


def say(frame: Frame, text: str = "hello", conversation: str = CONVERSATION) -> Any:
    return frame.post("messages", {"conversation": conversation, "text": text})


def read(response: Any) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream: (name, data)."""

    async def read_all() -> bytes:
        body = b"".join([chunk async for chunk in response.streaming_content])
        await incidents.writer.drain()
        return body

    blocks = asyncio.run(read_all()).decode().split("\n\n")
    lines = [block.split("\n") for block in blocks if block.startswith("event: ")]
    return [(name[7:], json.loads(data[6:])) for name, data in lines]


def answer_of(response: Any) -> str:
    return "".join(data["text"] for name, data in read(response) if name == "message")


def test_message_is_answered_in_a_stream(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream)

    response = say(frame)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache, no-transform"
    events = read(response)
    names = [name for name, _ in events]
    assert names[0] == "delta"
    assert names[-1] == "done"
    assert "message" in names


def test_answers_that_shall_not_grow_come_whole(client: Client, upstream: serve.Served) -> None:
    growing = read(say(open_frame(client, upstream)))
    whole = read(say(open_frame(client, upstream, connection={"streaming": False})))

    assert whole == [(name, data) for name, data in growing if name != "delta"]
    assert {name for name, _ in whole} == {"message", "done"}


def test_workflow_sees_ids_it_cannot_be_tricked_with(client: Client, upstream: serve.Served) -> None:
    frame, stranger = open_frame(client, upstream, "echo-json"), None
    read(say(frame))
    stranger = Frame(client, frame.widget)
    read(say(stranger))

    mine, theirs = [one.body for one in upstream.state.received if one.fake == "n8n"]

    assert mine["chatInput"] == "hello"
    assert mine["sessionId"] != theirs["sessionId"]
    assert CONVERSATION not in mine["sessionId"]
    assert mine["metadata"] == {
        "widget": frame.widget.public_id,
        "visitor": VisitorSession.objects.order_by("pk").first().visitor,  # type: ignore[union-attr]
        "page": SITE,
    }


def test_conversation_goes_on_and_starts_anew(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream, "echo-json")
    for conversation in (CONVERSATION, CONVERSATION, "conversation-0002"):
        read(say(frame, conversation=conversation))

    first, second, third = [one.body["sessionId"] for one in upstream.state.received if one.fake == "n8n"]
    assert first == second != third


FAILURES = {
    "inactive": "n8n_inactive",
    "public-false": "n8n_inactive",
    "node-error": "n8n_workflow_failed",
    "no-item": "n8n_no_answer",
    "empty-body": "n8n_no_answer",
    "stream-empty": "n8n_no_answer",
    "wait-echo": "n8n_no_answer",
    "basic-auth": "n8n_unauthorized",
    "header-auth": "n8n_unauthorized",
    "invalid-json": "n8n_rejected",
    "execution-started": "n8n_unsupported",
    "html-504": "upstream_timeout",
    "reset": "upstream_error",
}


@pytest.mark.parametrize("mode", FAILURES)
def test_each_failure_of_n8n_has_its_code(client: Client, upstream: serve.Served, mode: str) -> None:
    frame = open_frame(client, upstream, mode)

    events = read(say(frame))

    assert [name for name, _ in events] == ["error", "done"]
    assert events[0][1]["code"] == FAILURES[mode]
    assert (Incident.objects.get().code, Incident.objects.get().widget) == (FAILURES[mode], frame.widget)


def test_credentials_reach_n8n_alone(client: Client, upstream: serve.Served) -> None:
    secrets = {"n8n_auth": '{"Authorization": "Bearer canary-of-alice"}'}
    frame = open_frame(client, upstream, "echo-json", connection={"auth": "headers"}, secrets=secrets)

    events = read(say(frame))

    (request,) = [one for one in upstream.state.received if one.fake == "n8n"]
    assert request.headers["authorization"] == "Bearer canary-of-alice"
    assert "canary-of-alice" not in frame.response.content.decode() + json.dumps(events)
    assert "webhook" not in frame.response.content.decode()


def test_messages_are_counted_against_the_plan(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream, "text", license=make_license(limits={"messages_month": 2}))

    codes = []
    for _ in range(3):
        response = say(frame)
        codes.append(code_of(response) if response.status_code >= 400 else read(response)[-1][0])

    assert codes == ["done", "done", "quota_exceeded"]
    assert len([one for one in upstream.state.received if one.fake == "n8n"]) == 2


def test_licence_with_too_many_answers_under_way_is_told_to_wait(
    client: Client, upstream: serve.Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = open_frame(client, upstream, "text")
    slots = Slots("test", 1)
    monkeypatch.setattr(views, "answering", slots)

    with slots.place(frame.widget.license.public_id):
        refused = say(frame)
    answered = read(say(frame))

    assert (code_of(refused), answered[-1][0]) == ("upstream_paused", "done")


def test_failing_workflow_host_is_left_alone_for_a_while(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream, "reset")

    codes = []
    for _ in range(12):
        response = say(frame)
        codes.append(code_of(response) if response.status_code >= 400 else read(response)[0][1]["code"])

    assert codes == ["upstream_error"] * 10 + ["upstream_paused"] * 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "hi"}, "bad_request"),
        ({"conversation": "short", "text": "hi"}, "bad_request"),
        ({"conversation": CONVERSATION}, "bad_request"),
        ({"conversation": CONVERSATION, "text": "  "}, "bad_request"),
        ({"conversation": CONVERSATION, "text": ["hi"]}, "bad_request"),
        ({"conversation": CONVERSATION, "text": "x" * 8001}, "too_large"),
        ([], "bad_request"),
    ],
)
def test_nonsense_is_refused_before_anything_counts(
    client: Client, upstream: serve.Served, body: Any, code: str
) -> None:
    frame = open_frame(client, upstream)

    assert code_of(frame.post("messages", body)) == code
    assert VisitorSession.objects.count() == 0


def upload(frame: Frame, *files: SimpleUploadedFile) -> Any:
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in frame.headers.items()}
    data = {"conversation": CONVERSATION, "text": "see this", "files": list(files)}
    return frame.client.post("/api/n8n/messages", data, **headers)


def test_file_travels_to_the_workflow(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream, "files", configuration={"files": {"enabled": True}})

    answer = answer_of(upload(frame, SimpleUploadedFile("größe.txt", b"plain words", "text/plain")))

    assert "größe.txt" in answer


@pytest.mark.parametrize(
    ("enabled", "file", "code"),
    [
        (False, SimpleUploadedFile("a.txt", b"words", "text/plain"), "file_refused"),
        (True, SimpleUploadedFile("a.exe", b"MZ\x90\x00", "application/x-msdownload"), "file_refused"),
        (True, SimpleUploadedFile("a.png", b"MZ\x90\x00", "image/png"), "file_refused"),
        (True, SimpleUploadedFile("a.txt", b"a" * (1024 * 1024 + 1), "text/plain"), "too_large"),
    ],
)
def test_file_outside_the_widgets_settings_is_refused(
    client: Client, upstream: serve.Served, enabled: bool, file: SimpleUploadedFile, code: str
) -> None:
    file.seek(0)
    frame = open_frame(client, upstream, "files", configuration={"files": {"enabled": enabled, "max_mb": 1}})

    answer = upload(frame, file)

    assert code_of(answer) == code
    assert answer.headers["X-Chatdock-Visitor"]  # another try costs no other session
    assert upstream.state.executions == {}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-Chatdock-Widget": f"{new_id('lic')}/{new_id('wgt')}"}, "widget_not_found"),
        ({"X-Chatdock-Page": "nonsense"}, "token_invalid"),
        ({"Origin": "https://evil.test"}, "request_not_same_origin"),
        ({"X-Chatdock-Origin": "https://evil.test"}, "domain_not_allowed"),
        ({"X-Chatdock-Origin": SITE}, "rate_limited"),
    ],
)
def test_upload_of_a_refused_call_is_not_even_received(
    client: Client, upstream: serve.Served, settings: Any, headers: dict[str, str], code: str
) -> None:
    connection = {"url": f"{upstream.url}/n8n/webhook/files/chat"}
    frame = Frame(client, make_widget(connection=connection, configuration={"files": {"enabled": True}}), site=None)
    fine = {**frame.headers, "X-Chatdock-Origin": SITE, "Content-Type": "multipart/form-data; boundary=B"}
    admitted = asyncio.run(upload_through_the_lane(fine))
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, **({"ip": (1, 60)} if code == "rate_limited" else {})}

    refused = asyncio.run(upload_through_the_lane(fine | headers))

    assert (admitted.status, admitted.received > 0) == (200, True)
    assert (refused.error["code"], refused.received) == (code, 0)


def upload_through_the_lane(headers: dict[str, str]) -> Awaitable[Exchange]:
    part = '--B\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    parts = [("conversation", "", CONVERSATION), ("text", "", "see"), ("files", '; filename="a.txt"', "plain words")]
    body = ("".join(part % each for each in parts) + "--B--\r\n").encode()
    sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    exchange = Exchange("POST", "/api/n8n/messages", headers=[(b"host", b"testserver"), *sent], chunks=[body])
    exchange.app = application
    return exchange.run()


def test_history_comes_from_n8n_when_wanted(client: Client, upstream: serve.Served) -> None:
    frame = open_frame(client, upstream, "memory", connection={"load_history": True})
    read(say(frame, "remember me"))

    past = json.loads(frame.post("history", {"conversation": CONVERSATION}).content)["messages"]

    assert [message["role"] for message in past] == ["user", "assistant"]
    assert past[0]["text"] == "remember me"
    stranger = Frame(client, frame.widget)
    assert json.loads(stranger.post("history", {"conversation": CONVERSATION}).content) == {"messages": []}


def test_history_never_runs_a_plain_webhook(client: Client, upstream: serve.Served) -> None:
    connection = {"kind": "webhook", "url": f"{upstream.url}/n8n/webhook/shop", "load_history": True}
    frame = open_frame(client, upstream, connection=connection)

    assert json.loads(frame.post("history", {"conversation": CONVERSATION}).content) == {"messages": []}
    assert upstream.state.executions == {}
