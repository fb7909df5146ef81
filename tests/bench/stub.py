"""The upstream of the bench: OpenAI's session call after 150 ms, and an n8n workflow that streams 50 pieces.

Bare ASGI, so that it costs next to nothing beside what is measured. `python -m tests.bench.stub --port PORT`.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import uvicorn

SESSION_PATH = "/v1/chatkit/sessions"
SESSION_SECONDS = 0.150
PIECES = 50
PACE = 20  # ms between the pieces of an answer
SLOW_PACE = 1000  # for streams that only have to be open

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_JSON = [(b"content-type", b"application/json; charset=utf-8")]
_numbers = itertools.count()


def stream_path(pace: int) -> str:
    """The webhook whose pieces come `pace` milliseconds apart."""
    return f"/webhook/{pace}/chat"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"  # no lifespan
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == SESSION_PATH:
        await asyncio.sleep(SESSION_SECONDS)
        await answer(send, _session())
    else:
        await _stream(int(scope["path"].split("/")[2]) / 1000, send)


async def answer(send: Send, body: bytes, *, status: int = 200, headers: list[tuple[bytes, bytes]] = _JSON) -> None:
    length = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers + length})
    await send({"type": "http.response.body", "body": body})


def _session() -> bytes:
    """A ChatSession as in OpenAI's OpenAPI 2.3.0."""
    return orjson.dumps(
        {
            "id": f"cksess_{next(_numbers):032x}",
            "object": "chatkit.session",
            "status": "active",
            "expires_at": int(time.time()) + 600,
            "client_secret": f"ek_{'s' * 64}",
            "user": "visitor",
            "workflow": {"id": "wf_bench", "version": None, "state_variables": None, "tracing": {"enabled": True}},
            "max_requests_per_1_minute": 30,
            "rate_limits": {"max_requests_per_1_minute": 30},
            "chatkit_configuration": {
                "automatic_thread_titling": {"enabled": True},
                "file_upload": {"enabled": False, "max_file_size": None, "max_files": None},
                "history": {"enabled": True, "recent_threads": None},
            },
        }
    )


async def _stream(pace: float, send: Send) -> None:
    """One JSON object per line, as n8n streams. The text of a piece is the time at which it was sent."""
    await send({"type": "http.response.start", "status": 200, "headers": _JSON})
    await _piece(send, b'"begin"', b"")
    clock = asyncio.get_running_loop().time
    start = clock()
    for number in range(PIECES):
        await asyncio.sleep(max(0.0, start + number * pace - clock()))
        await _piece(send, b'"item"', b'"content":"@%.6f; ",' % time.monotonic())
    await _piece(send, b'"end"', b"")
    await send({"type": "http.response.body"})


async def _piece(send: Send, kind: bytes, content: bytes) -> None:
    line = (
        b'{"type":%b,%b"metadata":{"nodeId":"7c6f3b1e-9a52-4f0e-8d43-2b5a1c9e6f10","nodeName":"AI Agent",'
        b'"itemIndex":0,"runIndex":0,"timestamp":%d}}\n' % (kind, content, time.time() * 1000)
    )
    await send({"type": "http.response.body", "body": line, "more_body": True})


def serve(application: Any) -> None:
    """On the port that the last argument names, as config.web does."""
    uvicorn.run(
        application,
        port=int(sys.argv[-1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,  # longer than any client here keeps a connection: no race for the last word
        server_header=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    serve(app)
