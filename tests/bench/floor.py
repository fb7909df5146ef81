"""The least that a server in this place can do: forward with aiohttp, and send a loader it was given.

No licence, domain, limit or record. `python -m tests.bench.floor STUB_URL LOADER_FILE --port PORT`.
"""

import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import aiohttp
import orjson

from tests.bench.stub import SESSION_PATH, Receive, Scope, Send, answer, serve

SESSION = "/session"
LOADER = "/loader"
ETAG = b'"0123456789abcdef"'
_LOADER_HEADERS = [
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"content-encoding", b"br"),
    (b"etag", ETAG),
    (b"cache-control", b"public, max-age=300"),
]


class Floor:
    def __init__(self, upstream: str, loader: bytes) -> None:
        self.upstream, self.loader = upstream, loader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == LOADER:
            await self._send_loader(scope, send)
        elif scope["path"] == SESSION:
            await self._forward_session(receive, send)
        else:
            await self._forward_stream(scope["path"], receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2048)) as self.client:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _send_loader(self, scope: Scope, send: Send) -> None:
        if dict(scope["headers"]).get(b"if-none-match") == ETAG:
            await send({"type": "http.response.start", "status": 304, "headers": _LOADER_HEADERS})
            await send({"type": "http.response.body"})
        else:
            await answer(send, self.loader, headers=_LOADER_HEADERS)

    async def _forward_session(self, receive: Receive, send: Send) -> None:
        async with self._post(SESSION_PATH, await _body(receive)) as response:
            session = orjson.loads(await response.read())
        await answer(send, orjson.dumps({name: session[name] for name in ("client_secret", "expires_at")}))

    async def _forward_stream(self, path: str, receive: Receive, send: Send) -> None:
        async with self._post(path, await _body(receive)) as response:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            async for piece in response.content.iter_any():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    def _post(self, path: str, body: bytes) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-bench"}
        return self.client.post(self.upstream + path, data=body, headers=headers)


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


if __name__ == "__main__":
    serve(Floor(sys.argv[1], Path(sys.argv[2]).read_bytes()))
