import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from core.codes import Code
from core.crypto import Secret
from n8n_relay.events import Delta, Event, Failure, Message
from n8n_relay.relay import Timeouts, relay
from n8n_relay.request import Target
from n8n_relay.sse import encode_all
from tests.fakes.serve import Served

from .conftest import Workflow

QUICK = Timeouts(connect=2, first_byte=2, idle=2, total=5)


def turn(target: Target, *, timeouts: Timeouts = QUICK, **changes: Any) -> AsyncGenerator[Event, None]:
    given = {"session_id": "s1", "text": "Hello", "files": [], "metadata": {}} | changes
    return relay(target, **given, timeouts=timeouts)


async def events_of(target: Target, **changes: Any) -> list[Event]:
    return [event async for event in turn(target, **changes)]


def line(kind: str, content: str | None = None) -> bytes:
    return json.dumps({"type": kind, "content": content, "metadata": {"nodeId": "a", "runIndex": 0}}).encode() + b"\n"


# Every way in which n8n answers, from the stand-in


@pytest.fixture
def n8n(standins: Served) -> Served:
    return standins


def fake_target(n8n: Served, settings: Any, mode: str, **changes: Any) -> Target:
    settings.OUTBOUND_ALLOW = [n8n.url.removeprefix("http://")]
    return Target(**{"url": f"{n8n.url}/n8n/webhook/{mode}/chat", "kind": "chat_trigger"} | changes)


SAID = [Message("1", "You said: Hello")]


@pytest.mark.parametrize(
    ("mode", "events"),
    [
        *((mode, SAID) for mode in ("echo-json", "text", "message", "array", "string", "plain")),
        (
            "nested",
            [
                Message(
                    "1", '```json\n{\n  "answer": "You said: Hello",\n  "sources": [\n    "a",\n    "b"\n  ]\n}\n```'
                )
            ],
        ),
        ("unknown-keys", [Message("1", '```json\n{\n  "answer": "You said: Hello",\n  "score": 0.5\n}\n```')]),
        ("stream", [*SAID, Message("2", "And this is the second node.")]),
        ("stream-respond", SAID),
    ],
)
async def test_relay_answers_of_n8n(n8n: Served, settings: Any, mode: str, events: list[Event]) -> None:
    found = await events_of(fake_target(n8n, settings, mode))
    assert [event for event in found if not isinstance(event, Delta)] == events


ECHO = '{"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello"}'


@pytest.mark.parametrize(
    ("mode", "failure"),
    [
        ("empty-object", Failure(Code.N8N_NO_ANSWER, "There is no text in the answer: {}")),
        ("empty-body", Failure(Code.N8N_NO_ANSWER, "n8n sent an empty answer.")),
        ("wait-echo", Failure(Code.N8N_NO_ANSWER, "There is no text in the answer: " + ECHO)),
        ("no-item", Failure(Code.N8N_NO_ANSWER, "HTTP 500: No item to return was found")),
        ("stream-empty", Failure(Code.N8N_NO_ANSWER, "n8n sent an empty answer.")),
        ("execution-started", Failure(Code.N8N_UNSUPPORTED, "n8n answered executionStarted.")),
        ("html-504", Failure(Code.UPSTREAM_TIMEOUT, "HTTP 504: 504 Gateway Time-out")),
        ("node-error", Failure(Code.N8N_WORKFLOW_FAILED, "HTTP 500: Error in workflow")),
        (
            "workflow-timeout",
            Failure(Code.N8N_WORKFLOW_FAILED, "HTTP 500: There was a problem executing the workflow"),
        ),
        ("stream-error-null", Failure(Code.N8N_WORKFLOW_FAILED, "")),
        ("huge", Failure(Code.UPSTREAM_MALFORMED, "The answer is larger than 1 MB.")),
        ("basic-auth", Failure(Code.N8N_UNAUTHORIZED, "HTTP 401: Authorization is required!")),
        ("header-auth", Failure(Code.N8N_UNAUTHORIZED, "HTTP 403: Authorization data is wrong!")),
        ("n8n-user", Failure(Code.N8N_UNAUTHORIZED, "HTTP 401: User not authenticated!")),
        ("public-false", Failure(Code.N8N_INACTIVE, "HTTP 404")),
        (
            "inactive",
            Failure(
                Code.N8N_INACTIVE,
                'HTTP 404: The requested webhook "POST inactive/chat" is not registered. '
                "The workflow must be active for a production URL to run successfully.",
            ),
        ),
        (
            "invalid-json",
            Failure(Code.N8N_REJECTED, "HTTP 422: Failed to parse request body Unexpected token in JSON"),
        ),
        ("too-big", Failure(Code.TOO_LARGE, "HTTP 413: The request is larger than the limit of this server.")),
        ("redirect", Failure(Code.UPSTREAM_MALFORMED, "HTTP 307")),
    ],
)
async def test_relay_failures_of_n8n(n8n: Served, settings: Any, mode: str, failure: Failure) -> None:
    assert await events_of(fake_target(n8n, settings, mode)) == [failure]


async def test_relay_stream_that_never_ends_is_cut(n8n: Served, settings: Any) -> None:
    *deltas, last = await events_of(fake_target(n8n, settings, "stream-huge"))
    assert last == Failure(Code.UPSTREAM_MALFORMED, "The answer is larger than 1 MB.")
    assert sum(len(event.t) for event in deltas if isinstance(event, Delta)) <= 1_000_000


async def test_relay_error_in_a_stream_ends_it(n8n: Served, settings: Any) -> None:
    *deltas, last = await events_of(fake_target(n8n, settings, "stream-error"))
    assert "".join(event.t for event in deltas if isinstance(event, Delta)) == "I was about to "
    assert last == Failure(Code.N8N_WORKFLOW_FAILED, "The model provider answered: insufficient quota")


@pytest.mark.parametrize(
    ("mode", "auth", "secret"),
    [("basic-auth", "basic", "demo:pass:word"), ("header-auth", "headers", '{"X-Api-Key": "demo-header-secret"}')],
)
async def test_relay_credentials_open_the_gate(n8n: Served, settings: Any, mode: str, auth: str, secret: str) -> None:
    assert await events_of(fake_target(n8n, settings, mode, auth=auth, secret=Secret(secret))) == SAID


async def test_relay_custom_keys(n8n: Served, settings: Any) -> None:
    target = fake_target(n8n, settings, "custom-keys", input_key="question", session_key="conversation")
    assert await events_of(target) == SAID


async def test_relay_files(n8n: Served, settings: Any) -> None:
    small = SimpleUploadedFile("grüße.txt", b"12345", "text/plain")
    with TemporaryUploadedFile("b.png", "image/png", 70_000, None) as large:
        large.write(b"x" * 70_000)
        events = await events_of(fake_target(n8n, settings, "files"), files=[small, large], metadata={"page": "/ü"})
    names = "grüße.txt (5 B, text/plain), b.png (70000 B, image/png)"
    assert events == [Message("1", f"Received 2 files: {names}")]
    sent = n8n.state.received[-1].body
    assert [file["name"] for file in sent["files"]] == ["files", "files"]
    assert sent["fields"] == {
        **{"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello"},
        "metadata": '{"page":"/ü"}',
    }


@pytest.mark.parametrize("mode", ["node-error", "reset", "html-504", "stream-error"])
async def test_relay_failed_message_is_never_sent_twice(n8n: Served, settings: Any, mode: str) -> None:
    n8n.state.received.clear()
    await events_of(fake_target(n8n, settings, mode))
    assert len(n8n.state.received) == 1


async def test_relay_connection_reset(n8n: Served, settings: Any) -> None:
    (failure,) = await events_of(fake_target(n8n, settings, "reset"))
    assert isinstance(failure, Failure)
    assert failure.code in (Code.UPSTREAM_ERROR, Code.UPSTREAM_UNREACHABLE)


# Time


async def test_relay_gives_every_line_at_once(workflow: Workflow) -> None:
    gate = [asyncio.Event() for _ in range(3)]

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for number, event in enumerate(gate):
            await response.write(line("item", str(number)))
            await event.wait()
        return response

    workflow.handler = handler
    events = turn(workflow.target())
    for number, event in enumerate(gate):
        assert await anext(events) == Delta("1", str(number))
        event.set()  # only now may the workflow go on
    assert [event async for event in events] == [Message("1", "012")]


async def test_relay_first_byte_too_late(workflow: Workflow) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    workflow.handler = handler
    (failure,) = await events_of(workflow.target(), timeouts=replace(QUICK, connect=0.05, first_byte=0.05))
    assert isinstance(failure, Failure)
    assert failure.code == Code.UPSTREAM_TIMEOUT


async def test_relay_silence_in_a_stream_is_a_timeout(workflow: Workflow) -> None:
    workflow.streams(line("item", "Hel"), then_hang=True)
    delta, failure = await events_of(workflow.target(), timeouts=replace(QUICK, idle=0.3))
    assert delta == Delta("1", "Hel")
    assert isinstance(failure, Failure)
    assert failure.code == Code.UPSTREAM_TIMEOUT


async def test_relay_keepalives_keep_a_stream_open(workflow: Workflow) -> None:
    keepalive = b'{"type":"keepalive"}\n'
    workflow.streams(*[keepalive, 0.1] * 8, line("item", "Hi"))
    assert await events_of(workflow.target(), timeouts=replace(QUICK, idle=0.7)) == [
        Delta("1", "Hi"),
        Message("1", "Hi"),
    ]


async def test_relay_total_time_ends_a_stream_that_goes_on(workflow: Workflow) -> None:
    workflow.streams(*[b'{"type":"keepalive"}\n', 0.05] * 100)
    (failure,) = await events_of(workflow.target(), timeouts=replace(QUICK, total=0.3))
    assert isinstance(failure, Failure)
    assert failure.code == Code.UPSTREAM_TIMEOUT


# Leaving


async def test_relay_closed_by_its_reader_leaves_the_workflow(workflow: Workflow) -> None:
    workflow.streams(line("item", "Hi"), then_hang=True)
    async with aclosing(turn(workflow.target())) as events:
        assert await anext(events) == Delta("1", "Hi")
    await asyncio.wait_for(workflow.gone.wait(), 10)


async def test_relay_cancelled_before_an_answer_leaves_the_workflow(workflow: Workflow) -> None:
    workflow.streams(then_hang=True)
    task = asyncio.create_task(events_of(workflow.target()))
    while not workflow.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(workflow.gone.wait(), 10)


async def test_relay_visitor_leaves_the_stream_of_events(workflow: Workflow) -> None:
    workflow.streams(line("item", "Hi"), then_hang=True)
    parts = encode_all(turn(workflow.target()))
    await anext(parts)
    await parts.aclose()
    await asyncio.wait_for(workflow.gone.wait(), 10)


async def test_relay_after_an_error_line_does_not_wait_for_the_end(workflow: Workflow) -> None:
    workflow.streams(line("error", "No"), then_hang=True)
    started = time.monotonic()
    assert await events_of(workflow.target()) == [Failure(Code.N8N_WORKFLOW_FAILED, "No")]
    assert time.monotonic() - started < 10
    await asyncio.wait_for(workflow.gone.wait(), 10)


# What is sent and what is shown


async def test_relay_sends_json_and_nothing_of_ours(workflow: Workflow) -> None:
    workflow.answers('{"output":"Hi"}')
    await events_of(workflow.target(), metadata={"page": "/"})
    (request,) = workflow.requests
    assert json.loads(request.body) == {
        **{"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello"},
        "metadata": {"page": "/"},
    }
    assert request.raw.method == "POST"
    assert request.raw.path == "/webhook/w1/chat"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert not {"cookie", "origin", "referer", "authorization"} & request.headers.keys()


async def test_relay_webhook_item_with_credentials_never_shows_them(workflow: Workflow) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        item = {"headers": headers, "params": {}, "webhookUrl": str(request.url), "note": 1, "more": 2}
        return web.json_response(item)

    workflow.handler = handler
    target = workflow.target(kind="webhook", auth="basic", secret=Secret("alice:hunter2hunter2"))
    (message,) = await events_of(target)
    assert isinstance(message, Message)
    assert '"authorization": "Basic •••"' in message.text
    assert '"webhookUrl": "•••"' in message.text


async def test_relay_secret_in_an_error_never_shows(workflow: Workflow) -> None:
    workflow.answers("Wrong key hunter2hunter2!", status=403)
    target = workflow.target(auth="headers", secret=Secret('{"X-Key": "hunter2hunter2"}'))
    assert await events_of(target) == [Failure(Code.N8N_UNAUTHORIZED, "HTTP 403: Wrong key •••!")]


async def test_relay_long_error_page_is_read_only_in_part(workflow: Workflow) -> None:
    workflow.streams()
    workflow.answers(b"<html><title>Oops</title>" + b"x" * 3_000_000, status=502)
    assert await events_of(workflow.target()) == [Failure(Code.UPSTREAM_ERROR, "HTTP 502: Oops")]


@pytest.mark.parametrize("target", [Target("http://127.0.0.1:1/webhook/x", "webhook"), Target("nonsense", "webhook")])
async def test_relay_address_that_is_not_public_sends_nothing(target: Target) -> None:
    (failure,) = await events_of(target)
    assert isinstance(failure, Failure)
    assert failure.code == Code.UPSTREAM_UNREACHABLE
    assert "127.0.0.1" not in failure.detail


async def test_relay_without_a_stored_credential_sends_nothing(workflow: Workflow) -> None:
    assert await events_of(workflow.target(auth="basic")) == [Failure(Code.CREDENTIAL_MISSING)]
    assert workflow.requests == []


async def test_relay_body_cut_short(workflow: Workflow) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "100"})
        await response.prepare(request)
        await response.write(b'{"output":"Hi')
        assert request.transport is not None
        request.transport.close()
        return response

    workflow.handler = handler
    (failure,) = await events_of(workflow.target())
    assert isinstance(failure, Failure)
    assert failure.code == Code.UPSTREAM_MALFORMED
