"""The lifespan protocol."""

import asyncio
import gc

from core import lifespan
from core.lane import lane
from tests.core.lane_app import _surroundings, django_app, events  # noqa: F401 (a fixture for all)


class Life:
    def __init__(self, urlconf="tests.core.lane_app"):
        self.app = lane(django_app, urlconf=urlconf, prefixes=("/api/",))
        self.sent = []
        self.shutdown = asyncio.Event()
        self._received = 0

    async def receive(self):
        self._received += 1
        if self._received == 1:
            return {"type": "lifespan.startup"}
        await self.shutdown.wait()
        return {"type": "lifespan.shutdown"}

    async def send(self, message):
        self.sent.append(message)

    async def run(self):
        await self.app({"type": "lifespan"}, self.receive, self.send)


async def test_lifespan_runs_the_hooks():
    @lifespan.on_startup
    async def start():
        events.append("start")

    @lifespan.on_shutdown
    async def stop():
        events.append("stop")

    life = Life()
    task = asyncio.create_task(life.run())
    while not life.sent:
        await asyncio.sleep(0)
    during, frozen = list(events), gc.get_freeze_count()
    gc.unfreeze()
    life.shutdown.set()
    await task

    assert (during, events) == (["start"], ["start", "stop"])
    assert life.sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
    assert frozen > 1000


async def test_lifespan_reports_a_start_that_failed(caplog):
    @lifespan.on_startup
    async def start():
        raise ValueError("no key")

    life = Life()
    await life.run()

    assert life.sent == [{"type": "lifespan.startup.failed", "message": "no key"}]
    assert [r.getMessage() for r in caplog.records] == ["The start failed"]


async def test_lifespan_finds_views_that_cannot_be_imported():
    life = Life("tests.core.no_such_urls")
    await life.run()

    assert life.sent[0]["type"] == "lifespan.startup.failed"
