"""A workflow on a real socket whose answer each test writes itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from n8n_relay.request import Target

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Received:
    headers: dict[str, str]  # names in lower case
    body: bytes
    raw: web.Request


@dataclass
class Workflow:
    origin: str
    handler: Handler | None = None
    requests: list[Received] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)  # set when the caller left before the answer's end

    def target(self, **changes: Any) -> Target:
        return Target(**{"url": self.origin + "/webhook/w1/chat", "kind": "chat_trigger"} | changes)

    def answers(self, body: bytes | str = b"", *, status: int = 200, **headers: str) -> None:
        async def handler(request: web.Request) -> web.StreamResponse:
            data = body.encode() if isinstance(body, str) else body
            return web.Response(status=status, body=data, headers={"content-type": "application/json"} | headers)

        self.handler = handler

    def streams(self, *pieces: bytes | float, then_hang: bool = False) -> None:
        """Bytes are written as they are, numbers are pauses in seconds."""

        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"content-type": "application/json; charset=utf-8"})
            await response.prepare(request)
            for piece in pieces:
                await (response.write(piece) if isinstance(piece, bytes) else asyncio.sleep(piece))
            if then_hang:
                await asyncio.sleep(30)
            return response

        self.handler = handler

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Received(headers, body, request))
        assert self.handler is not None
        try:
            return await self.handler(request)
        except (asyncio.CancelledError, ConnectionError):
            self.gone.set()
            raise


@pytest.fixture
async def workflow(settings: Any) -> AsyncIterator[Workflow]:
    workflow = Workflow("")
    server = web.Server(workflow.serve, handler_cancellation=True)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    workflow.origin = f"http://{host}:{port}"
    settings.OUTBOUND_ALLOW = [f"{host}:{port}"]
    yield workflow
    await runner.cleanup()
