"""Ways to fail: what a call does instead of its normal answer."""

import asyncio
import json
import re
import socket
import struct
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

HANG_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Wait `delay` seconds, then do the fault, or answer with `status`; without either, answer as usual."""

    status: int | None = None
    body: Any = None  # None: the fake's own error body for the status
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fault: Literal["", "hang", "reset", "no-secret"] = ""


_STATUS = re.compile(r"(?P<status>[1-5]\d\d)(?:-after-(?P<after>\d+))?(?:-ms-(?P<ms>\d+))?(?P<retry>-retry|-no-retry)?")
_FIXED = {
    "hang": Behaviour(fault="hang"),
    "reset": Behaviour(fault="reset"),
    "no-secret": Behaviour(fault="no-secret"),
    "junk": Behaviour(200, "this is not JSON", {"Content-Type": "application/json"}),
    "html": Behaviour(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"}),
    "not-event-stream": Behaviour(200, {"ok": True}),
}


def preset(name: str) -> Behaviour:
    """`hang`, `reset`, `junk`, `html`, `no-secret`, `not-event-stream`, `slow-<seconds>`, or a status such as `503`,
    `429-after-7` (retry-after), `429-ms-250` (retry-after-ms), `500-no-retry`, `400-retry` (x-should-retry).

    "_" may stand for "-". Raises ValueError for any other name.
    """
    name = name.replace("_", "-")
    if name in _FIXED:
        return _FIXED[name]
    if name.startswith("slow-"):
        return Behaviour(delay=float(name.removeprefix("slow-")))
    found = _STATUS.fullmatch(name)
    if not found:
        raise ValueError(f"no such behaviour: {name}")
    headers = {
        "retry-after": found["after"],
        "retry-after-ms": found["ms"],
        "x-should-retry": {"-retry": "true", "-no-retry": "false"}.get(found["retry"]),
    }
    return Behaviour(int(found["status"]), headers={name: value for name, value in headers.items() if value})


async def perform(behaviour: Behaviour, request: web.Request, own_error: Any) -> web.StreamResponse | None:
    """Do it; None means that the normal answer follows. `own_error` is the body where the behaviour names none."""
    if behaviour.delay:
        await asyncio.sleep(behaviour.delay)
    if behaviour.fault == "hang":
        await asyncio.sleep(HANG_SECONDS)
    if behaviour.fault == "reset":
        return reset_connection(request)
    if behaviour.status is None:
        return None
    body = own_error if behaviour.body is None else behaviour.body
    content_type = "text/plain" if isinstance(body, str) else "application/json"
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": content_type} | behaviour.headers
    return web.Response(status=behaviour.status, text=text, headers=headers)


def reset_connection(request: web.Request) -> web.Response:
    """Drop the connection with a TCP reset. The response only ends the handler: nobody is left to read it."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
