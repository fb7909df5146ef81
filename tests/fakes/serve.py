"""All stand-ins in one process: for a terminal (`__main__`) and, in a thread, for a test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from tests.fakes import cdn, chatkit_server, control, n8n, openai
from tests.fakes.state import STATE, State

BODY_LIMIT = 200 * 1024 * 1024  # of n8n's multipart requests


def build(state: State) -> web.Application:
    app = web.Application(client_max_size=BODY_LIMIT)
    app[STATE] = state
    app.add_subapp("/openai/v1", openai.build(state))
    app.add_subapp("/n8n", n8n.build(state))
    app.add_subapp("/chatkit-server", chatkit_server.build(state))
    app.add_subapp("/cdn", cdn.build(state))
    app.add_subapp("/_control", control.build(state))
    return app


def runner(state: State) -> web.AppRunner:
    """Handlers end when their client leaves, so that hanging ones do not pile up."""
    return web.AppRunner(build(state), handler_cancellation=True, shutdown_timeout=0.2, access_log=None)


@dataclass(frozen=True, slots=True)
class Served:
    url: str  # without a trailing slash
    state: State


@contextmanager
def served(*, host: str = "127.0.0.1", port: int = 0) -> Iterator[Served]:
    """The stand-ins on a port (0: a free one) in a thread of their own; tests may read and set `state` directly."""
    state, loop, started = State(), asyncio.new_event_loop(), threading.Event()
    app_runner = runner(state)

    async def start() -> None:
        await app_runner.setup()
        await web.TCPSite(app_runner, host, port, backlog=1024).start()
        started.set()

    def run() -> None:
        loop.create_task(start())
        loop.run_forever()
        loop.run_until_complete(app_runner.cleanup())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the stand-ins did not start")
    try:
        yield Served(f"http://{host}:{app_runner.addresses[0][1]}", state)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
