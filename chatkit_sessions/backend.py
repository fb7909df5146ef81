"""Relays the ChatKit protocol to a tenant's own server, whose address and headers stay here.

The element's rules (OpenAI's ChatKit protocol): an operation that streams must never fail by HTTP status, for the
visitor would see nothing and a 5xx is posted again five times; the failure is an `error` event in a 200 stream.
Operations that answer JSON may fail with 4xx and `{"message"}`.
"""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

import orjson

from core.codes import MEANINGS, Code
from core.crypto import Secret
from core.headers import read_headers
from core.outbound import OutboundError, guarded, send, stream

STREAMING = frozenset(
    {
        "threads.create",
        "threads.add_user_message",
        "threads.retry_after_item",
        "threads.custom_action",
        "threads.add_client_tool_output",
        "threads.add_structured_input",
    }
)
MAX_JSON, MAX_STREAM = 1024 * 1024, 4 * 1024 * 1024  # bytes
_NOT_OF_A_LANGUAGE = re.compile(r"[^A-Za-z0-9 ,;=.*-]")


class BackendFailed(Exception):
    """`code` for everyone, `detail` for the widget's owner."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code.value)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    headers: Mapping[str, str]


def server_headers(secret: Secret | None, *, user: str, language: str) -> dict[str, str]:
    """The stored headers, and who is asking: `X-Chatdock-User` is ours to say, a server may scope threads by it.

    `language` is the visitor's Accept-Language. Raises ValueError when what is stored is not headers.
    """
    ours = {
        "content-type": "application/json",
        "x-chatdock-user": user,
        "accept-language": _NOT_OF_A_LANGUAGE.sub("", language)[:100],
    }
    return (read_headers(secret.reveal()) if secret else {}) | ours


def operation(body: bytes) -> str:
    """The type of a protocol request. Raises ValueError when it is none."""
    match orjson.loads(body):
        case {"type": str(kind)}:
            return kind
    raise ValueError("not a protocol request")


async def call(server: Server, body: bytes) -> tuple[int, bytes]:
    """An operation that answers JSON: the body, and 200 or the status of a refusal. Raises BackendFailed."""
    try:
        answer = await send(
            guarded(), "POST", server.url, headers=server.headers, content=body, deadline=30, max_bytes=MAX_JSON
        )
    except OutboundError as error:
        raise BackendFailed(error.code, str(error)) from None
    if answer.status >= 500:
        raise BackendFailed(Code.UPSTREAM_ERROR, _head(answer.body))
    if answer.status in (401, 403):
        raise BackendFailed(Code.BACKEND_REJECTED, _head(answer.body))
    if 300 <= answer.status < 400:
        raise BackendFailed(Code.UPSTREAM_MALFORMED, f"HTTP {answer.status}")
    body = answer.body or b"{}"  # of a 204, as a deletion may be answered
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BackendFailed(Code.UPSTREAM_MALFORMED, _head(body)) from None
    return answer.status if answer.status >= 400 else 200, body


async def relay(server: Server, body: bytes) -> AsyncGenerator[bytes, None]:
    """An operation that streams: its lines as they come. Raises BackendFailed before or between them.

    Only whole lines: behind half a line the element could not read our own event that says what went wrong.
    """
    headers = {**server.headers, "Accept": "text/event-stream"}
    held = b""
    try:
        async with stream(
            guarded(),
            "POST",
            server.url,
            headers=headers,
            content=body,
            connect=5,
            first_byte=100,
            idle=60,
            total=600,
            max_bytes=MAX_STREAM,
        ) as answer:
            if answer.status in (401, 403):
                raise BackendFailed(Code.BACKEND_REJECTED, f"HTTP {answer.status}")
            if answer.status != 200:
                raise BackendFailed(Code.UPSTREAM_ERROR, f"HTTP {answer.status}")
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                raise BackendFailed(Code.UPSTREAM_MALFORMED, "The answer is not an event stream.")
            async for chunk in answer.chunks:
                lines, newline, rest = chunk.rpartition(b"\n")
                if newline:
                    yield held + lines + newline
                    held = rest
                else:
                    held += chunk
            if held:
                yield held
    except OutboundError as error:
        raise BackendFailed(error.code, str(error)) from None


def error_event(code: Code) -> bytes:
    """The failure as the element shows it: a sentence with a Retry button."""
    event = {"type": "error", "code": "custom", "message": MEANINGS[code].say, "allow_retry": True}
    return b"data: " + orjson.dumps(event) + b"\n\n"


def _head(body: bytes) -> str:
    return body[:300].decode("utf-8", "replace")
