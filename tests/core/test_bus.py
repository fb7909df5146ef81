import asyncio
import contextlib
import subprocess
import sys
import time

import pytest

from core import bus, redisclient
from core.away import Away
from core.ids import new_id
from tests.core.redis_proxy import redis_proxy


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    """The topics that arrive, with no other subscriber about, and on a channel of the test's own."""
    topics = []
    monkeypatch.setattr(bus, "_CHANNEL", new_id("test"))
    monkeypatch.setattr(bus, "_subscribers", [topics.append])
    monkeypatch.setattr(bus, "_away", Away("test"))
    return topics


@contextlib.asynccontextmanager
async def listening():
    task = asyncio.create_task(bus.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_publish_reaches_this_process_at_once(settings, heard):
    settings.REDIS_URL = ""

    bus.publish("widget:1")

    assert heard == ["widget:1"]


def test_subscriber_that_fails_keeps_nothing_from_the_others(settings, heard, caplog):
    settings.REDIS_URL = ""
    bus._subscribers.insert(0, lambda topic: 1 / 0)

    bus.publish("widget:1")

    assert heard == ["widget:1"]
    assert [record.getMessage() for record in caplog.records] == ["A subscriber failed on widget:1"]


def test_subscribe_adds_a_subscriber(settings):
    settings.REDIS_URL = ""
    topics = []
    bus.subscribe(topics.append)

    bus.publish("widget:1")

    assert topics == ["widget:1"]


async def test_without_redis_there_is_nobody_to_hear(settings):
    settings.REDIS_URL = ""

    await asyncio.wait_for(bus.run(), 1)

    assert not bus.is_live()


async def test_lifespan_starts_and_ends_the_listener(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    await bus._start()
    await asyncio.sleep(0.05)
    running = not bus._listener.done()
    await bus._stop()

    assert running
    assert bus._listener.cancelled()


def test_publish_without_an_answer_never_raises_and_is_quick(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    started = time.monotonic()

    for _ in range(1000):
        bus.publish("widget:1")

    assert time.monotonic() - started < 5
    assert [record.levelname for record in caplog.records] == ["WARNING"]


class TestWithRedis:
    pytestmark = pytest.mark.redis

    async def test_other_process_is_heard(self, heard):
        code = "import django; django.setup(); from core import bus; "
        code += f"bus._CHANNEL = {bus._CHANNEL!r}; bus.publish('widget:é 1'); bus.publish('b')"
        async with listening():
            await until(bus.is_live)
            await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], check=True, timeout=60)
            await until(lambda: heard[-1:] == ["b"])

        assert heard == [bus.EVERYTHING, "widget:é 1", "b"]

    async def test_own_message_comes_once(self, heard):
        async with listening():
            await until(bus.is_live)
            await asyncio.to_thread(bus.publish, "mine")
            redisclient.sync_client().publish(bus._CHANNEL, "somebody-else last")
            await until(lambda: "last" in heard)

        assert heard == [bus.EVERYTHING, "mine", "last"]

    async def test_live_only_while_listening(self):
        before = bus.is_live()
        async with listening():
            await until(bus.is_live)
        after = bus.is_live()

        assert (before, after) == (False, False)

    async def test_redis_killed_is_noticed_and_after_it_everything_counts_as_changed(self, settings, heard, caplog):
        async with redis_proxy(settings) as proxy, listening():
            await until(bus.is_live)
            await proxy.cut()
            await until(lambda: not bus.is_live())
            await asyncio.sleep(0.5)  # some attempts
            await proxy.start()
            await until(bus.is_live)

        assert heard == [bus.EVERYTHING, bus.EVERYTHING]
        assert [record.getMessage() for record in caplog.records if record.name == "core.bus"] == [
            "Not hearing the other processes: ConnectionError"
        ]

    async def test_frozen_redis_is_noticed(self, settings, monkeypatch):
        monkeypatch.setattr(bus, "_SILENCE", 0.3)
        async with redis_proxy(settings) as proxy, listening():
            await until(bus.is_live)
            await asyncio.sleep(0.8)
            live_in_silence = bus.is_live()
            proxy.freeze()
            await until(lambda: not bus.is_live())

        assert live_in_silence
