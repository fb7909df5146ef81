"""`POST /api/chatkit/backend`: the ChatKit protocol relayed to a tenant's own server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from analytics import incidents
from analytics.models import Incident
from chatkit_sessions import backend
from core.codes import Code
from core.crypto import seal
from core.outbound import OutboundError, Stream
from embed import snapshots
from embed.models import VisitorSession
from tests.build import make_widget
from tests.fakes.behaviour import Behaviour, preset
from tests.fakes.serve import Served
from tests.fakes.state import Rule
from tests.frames import Frame, code_of
from widgets.services import set_enabled

pytestmark = pytest.mark.django_db(transaction=True)

INPUT = {
    "content": [{"type": "input_text", "text": "hello"}],
    "quoted_text": "",
    "attachments": [],
    "inference_options": {},
}
CREATE = {"type": "threads.create", "params": {"input": INPUT}}
LIST = {"type": "threads.list", "params": {"limit": 9999, "order": "desc"}}


@pytest.fixture
def frame(client: Client, upstream: Served) -> Frame:
    upstream.state.authorization = "Bearer of alice's server"
    connection = {"backend": "custom", "url": f"{upstream.url}/chatkit-server"}
    secrets = {"chatkit_server": '{"Authorization": "Bearer of alice\'s server"}'}
    return Frame(client, make_widget(widget_type="chatkit", connection=connection, secrets=secrets))


def events(response: Any) -> list[dict[str, Any]]:
    async def read() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    async def read_all() -> bytes:
        body = await read()
        await incidents.writer.drain()
        return body

    body = asyncio.run(read_all())
    return [json.loads(line[6:]) for line in body.decode().split("\n") if line.startswith("data: ")]


@pytest.mark.parametrize(("operation", "status"), [(CREATE, 200), (LIST, 401)])
def test_frame_reads_of_an_expired_token_in_a_header(frame: Frame, operation: dict[str, Any], status: int) -> None:
    """An operation that streams answers 200 whatever happens, and the element keeps the event to itself."""
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        answer = frame.post("backend", operation)

    assert (answer.status_code, answer.headers["X-Chatdock-Error"]) == (status, "token_expired")


def test_streaming_operation_is_passed_through(frame: Frame, upstream: Served) -> None:
    answer = frame.post("backend", CREATE)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    kinds = [event["type"] for event in events(answer)]
    assert (kinds[0], kinds.count("thread.item.done")) == ("thread.created", 2)
    (request,) = [one for one in upstream.state.received if one.fake == "chatkit-server"]
    assert request.headers["x-chatdock-user"] == VisitorSession.objects.get().visitor
    assert request.body == CREATE


def test_json_operation_is_passed_through(frame: Frame) -> None:
    events(frame.post("backend", CREATE))

    answer = frame.post("backend", LIST)

    assert (answer.status_code, len(json.loads(answer.content)["data"])) == (200, 1)


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("401", "backend_rejected"),
        ("403", "backend_rejected"),
        ("500", "upstream_error"),
        ("not-event-stream", "upstream_malformed"),
        ("reset", "upstream_error"),
    ],
)
def test_failing_stream_is_an_event_never_a_status(frame: Frame, upstream: Served, do: str, code: str) -> None:
    upstream.state.rules.append(Rule("chatkit-server", {}, preset(do), None))

    answer = frame.post("backend", CREATE)

    (event,) = events(answer)
    assert (answer.status_code, event["type"], event["allow_retry"]) == (200, "error", True)
    assert Incident.objects.get().code == code


@pytest.mark.parametrize(("do", "status"), [("500", 502), ("403", 502), ("junk", 502)])
def test_failing_json_operation_has_a_message(frame: Frame, upstream: Served, do: str, status: int) -> None:
    upstream.state.rules.append(Rule("chatkit-server", {}, preset(do), None))

    answer = frame.post("backend", LIST)

    assert answer.status_code == status
    assert json.loads(answer.content)["message"].startswith("The assistant cannot be reached")


def test_half_a_line_is_dropped_before_the_failure(
    frame: Frame, upstream: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'data: {"type":"thread.crea'
        yield b'ted"}\n\ndata: {"type":"thre'
        raise OutboundError(Code.UPSTREAM_ERROR, "cut")

    @asynccontextmanager
    async def cut_off(*args: Any, **kwargs: Any) -> AsyncIterator[Stream]:
        yield Stream(200, {"content-type": "text/event-stream"}, chunks())

    monkeypatch.setattr(backend, "stream", cut_off)

    assert [event["type"] for event in events(frame.post("backend", CREATE))] == ["thread.created", "error"]


@pytest.mark.parametrize(("status", "passed"), [(201, 200), (204, 200), (302, 502), (400, 400), (404, 404), (429, 429)])
def test_status_of_a_json_operation(frame: Frame, upstream: Served, status: int, passed: int) -> None:
    upstream.state.rules.append(Rule("chatkit-server", {}, Behaviour(status, {"message": "x"}), None))

    answer = frame.post("backend", LIST)

    assert answer.status_code == passed
    assert isinstance(json.loads(answer.content), dict)


def test_stored_text_that_is_no_headers_has_its_code(frame: Frame) -> None:
    credential = frame.widget.credentials.get()
    credential.sealed = seal("Bearer without JSON", context=credential.context())  # stored by an older release
    credential.save()
    snapshots.cache.clear()

    answer = frame.post("backend", LIST)

    assert (answer.status_code, code_of(answer)) == (503, "credential_unreadable")


def test_visitors_language_is_cut_to_what_a_header_may_hold(frame: Frame, upstream: Served) -> None:
    frame.post("backend", LIST, Accept_Language="de-CH, de;q=0.9, \xe9\xff<script>" + "x" * 200)

    (request,) = [one for one in upstream.state.received if one.fake == "chatkit-server"]
    assert request.headers["accept-language"] == ("de-CH, de;q=0.9, script" + "x" * 200)[:100]


def test_failed_call_keeps_the_new_visitors_session(frame: Frame, upstream: Served) -> None:
    upstream.state.rules.append(Rule("chatkit-server", {}, preset("500"), None))

    for operation in (LIST, LIST, LIST):
        frame.post("backend", operation)

    assert VisitorSession.objects.count() == 1


def test_refused_visitor_reads_why_in_the_chat(frame: Frame) -> None:
    set_enabled(actor=None, widget=frame.widget, enabled=False)

    (event,) = events(frame.post("backend", CREATE))
    listing = frame.post("backend", LIST)

    assert event["message"] == "This chat is not available at the moment."
    assert (listing.status_code, json.loads(listing.content)["error"]["code"]) == (403, "widget_disabled")


def test_nonsense_is_refused(frame: Frame) -> None:
    assert frame.post("backend", [1]).status_code == 400
    assert frame.post("backend", {"type": 1}).status_code == 400
    assert frame.post("backend", {"type": "threads.list", "x": "a" * 70_000}).status_code == 413


def test_server_address_and_headers_stay_hidden(frame: Frame, upstream: Served) -> None:
    page = frame.response.content.decode()

    assert "chatkit-server" not in page
    assert "Bearer" not in page
    assert upstream.url not in page
