from collections.abc import AsyncGenerator
from contextlib import aclosing

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from chatkit_sessions.backend import (
    STREAMING,
    BackendFailed,
    Server,
    call,
    error_event,
    operation,
    relay,
    server_headers,
)
from chatkit_sessions.services import report
from core.codes import MEANINGS, Code
from core.http import ERROR_HEADER, BadRequest, json_response
from core.slots import Slots
from embed.gate import Admission, admit
from embed.public import public
from embed.visitors import Refused

answering = Slots("chatkit", 128)  # per licence
MAX_REQUEST = 64 * 1024  # the lane admits no more either


@public("POST")
async def backend(request: HttpRequest) -> HttpResponseBase:
    """The ChatKit protocol for widgets with a server of the tenant's own; see chatkit_sessions/backend.py."""
    if len(request.body) > MAX_REQUEST:
        raise BadRequest(Code.TOO_LARGE)
    try:
        streams = operation(request.body) in STREAMING
    except ValueError:
        raise BadRequest(Code.BAD_REQUEST) from None
    try:
        admission = await admit(request, widget_type="chatkit")
        server = _server(admission, request.headers.get("Accept-Language", "en"))
    except Refused as refused:
        answer = _stream(_one(error_event(refused.code))) if streams else _failure(refused.code)
        answer[ERROR_HEADER] = refused.code  # for our own frame: the element keeps what is in a stream to itself
        return answer
    if streams:
        return _stream(_relayed(admission, server, request.body))
    return await _answered(admission, server, request.body)


def _server(admission: Admission, language: str) -> Server:
    connection = admission.show.connection
    if connection.backend != "custom":
        raise Refused(Code.BAD_REQUEST)
    stored = "chatkit_server" in admission.snapshot.credentials
    secret = admission.secret("chatkit_server") if stored else None
    try:
        headers = server_headers(secret, user=admission.visitor.key, language=language)
    except ValueError:
        raise Refused(Code.CREDENTIAL_UNREADABLE) from None
    return Server(connection.url, headers)


async def _answered(admission: Admission, server: Server, body: bytes) -> HttpResponse:
    try:
        status, answer = await call(server, body)
    except BackendFailed as failed:
        report(admission, failed.code, failed.detail)
        return _failure(failed.code)
    response = HttpResponse(answer, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


async def _relayed(admission: Admission, server: Server, body: bytes) -> AsyncGenerator[bytes, None]:
    license_id = admission.snapshot.license_id
    if answering.full(license_id):
        yield error_event(Code.UPSTREAM_PAUSED)
        return
    with answering.place(license_id):
        async with aclosing(relay(server, body)) as chunks:
            async for part in _told(admission, chunks):
                yield part


async def _told(admission: Admission, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """A failure becomes an event of the stream, and is told to the widget's owner."""
    try:
        async for chunk in chunks:
            yield chunk
    except BackendFailed as failed:
        report(admission, failed.code, failed.detail)
        yield error_event(failed.code)


async def _one(event: bytes) -> AsyncGenerator[bytes, None]:
    yield event


def _stream(chunks: AsyncGenerator[bytes, None]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


def _failure(code: Code) -> HttpResponse:
    meaning = MEANINGS[code]
    return json_response(
        {"message": meaning.say, "error": {"code": code, "message": meaning.say}}, status=meaning.status
    )
