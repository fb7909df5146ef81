import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from analytics import incidents
from core.breaker import Breaker
from core.codes import Code
from core.http import BadRequest, json_response, read_json
from core.slots import Slots
from embed.gate import Admission, admit, spend
from embed.public import public
from embed.visitors import Refused, conversation_key
from licenses.entitlements import Metric
from widgets.types.n8n.connection import N8nConnection

from .events import Delta, Event, Failure, RelayError
from .files import FileRules, check_files
from .history import load_history
from .relay import Timeouts, relay
from .request import Target
from .sse import encode_all

MAX_TEXT = 8_000  # characters
_OF_HEALTH = {Code.UPSTREAM_TIMEOUT, Code.UPSTREAM_UNREACHABLE, Code.UPSTREAM_ERROR}  # what tells that n8n is down

breaker = Breaker()
answering = Slots("n8n", 128)  # per licence
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Turn:
    """What the visitor sent."""

    conversation: str
    text: str
    files: Sequence["UploadedFile[bytes]"] = ()


@public("POST")
async def messages(request: HttpRequest) -> HttpResponseBase:
    """A chat turn: JSON `{conversation, text}`, or multipart with parts named `files` → an event stream (sse.py)."""
    admission = await admit(request, widget_type="n8n", read=_read_turn)
    turn: Turn = admission.body
    _check_files(admission, turn)
    target = _target(admission)
    if answering.full(admission.snapshot.license_id) or not breaker.allows(admission.caller):
        raise Refused(Code.UPSTREAM_PAUSED)
    await spend(admission, Metric.MESSAGES_MONTH)
    response = StreamingHttpResponse(encode_all(_turn(admission, target, turn)), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


@public("POST")
async def history(request: HttpRequest) -> HttpResponse:
    """`{conversation}` → `{"messages": [{"role", "text"}]}`, oldest first; empty where the widget keeps none."""
    admission = await admit(request, widget_type="n8n", read=_read_conversation)
    connection: N8nConnection = admission.show.connection
    if not connection.load_history:
        return json_response({"messages": []})
    try:
        past = await load_history(_target(admission), session_id=_upstream_id(admission, admission.body))
    except RelayError as error:
        _report(admission, error.code, error.detail)
        raise Refused(error.code) from None
    return json_response({"messages": past})


def _read_turn(request: HttpRequest) -> Turn:
    if request.content_type == "multipart/form-data":
        turn = Turn(_conversation(request.POST), request.POST.get("text", ""), request.FILES.getlist("files"))
    else:
        body = read_json(request)
        turn = Turn(_conversation(body), body.get("text", ""))
    if not isinstance(turn.text, str) or not (turn.text.strip() or turn.files):
        raise BadRequest(Code.BAD_REQUEST)
    if len(turn.text) > MAX_TEXT:
        raise BadRequest(Code.TOO_LARGE)
    return turn


def _read_conversation(request: HttpRequest) -> str:
    return _conversation(read_json(request, limit=4096))


def _conversation(data: Any) -> str:
    conversation = data.get("conversation")
    if not isinstance(conversation, str) or not _CONVERSATION.fullmatch(conversation):
        raise BadRequest(Code.BAD_REQUEST)
    return conversation


def _check_files(admission: Admission, turn: Turn) -> None:
    files = admission.show.configuration.files  # type: ignore[attr-defined]
    megabytes = admission.snapshot.limits[Metric.UPLOAD_MB]
    largest = files.max_mb if megabytes < 0 else min(files.max_mb, megabytes)
    count = files.max_count if files.enabled else 0
    try:
        check_files(turn.files, FileRules(count, largest * 1024 * 1024, files.accept))
    except RelayError as error:
        raise Refused(error.code) from None


def _target(admission: Admission) -> Target:
    connection: N8nConnection = admission.show.connection
    return Target.of(connection, admission.secret("n8n_auth") if connection.auth != "none" else None)


async def _turn(admission: Admission, target: Target, turn: Turn) -> AsyncGenerator[Event, None]:
    """The relay's events; a failure is also told to the widget's owner. Each message comes whole behind its pieces."""
    streaming = admission.show.connection.streaming
    events = relay(
        target,
        session_id=_upstream_id(admission, turn.conversation),
        text=turn.text,
        files=turn.files,
        metadata=_metadata(admission),
        timeouts=Timeouts(first_byte=admission.show.connection.answer_seconds),
    )
    failed = None
    with answering.place(admission.snapshot.license_id):
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Failure):
                    failed = event.code
                    _report(admission, event.code, event.detail)
                if streaming or not isinstance(event, Delta):
                    yield event
    breaker.record(admission.caller, ok=failed not in _OF_HEALTH)


def _upstream_id(admission: Admission, conversation: str) -> str:
    return conversation_key(admission.visitor, admission.snapshot.widget_id, conversation)


def _metadata(admission: Admission) -> dict[str, Any]:
    """What a workflow may want to know; `user` only where the site owner's server has signed it, `page` only where the
    chat is in a page of a site: its origin."""
    visitor = admission.visitor
    known = {"user": visitor.subject, "page": admission.site}
    facts = {name: value for name, value in known.items() if value}
    return {"widget": admission.snapshot.widget_id, "visitor": visitor.key, **facts}


def _report(admission: Admission, code: Code, detail: str) -> None:
    """What fails in a preview is no problem of visitors."""
    if admission.is_test:
        return
    snapshot = admission.snapshot
    incidents.report(snapshot.organization_pk or 0, snapshot.widget_pk, code, detail)
