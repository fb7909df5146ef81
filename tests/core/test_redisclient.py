import asyncio
import logging

import pytest
from asgiref.sync import async_to_sync

from core import redisclient
from core.redisclient import Away
from tests.core.redis_proxy import redis_proxy


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when a test says so."""
    now = [1000.0]
    monkeypatch.setattr(redisclient.time, "monotonic", lambda: now[0])
    return now


class TestAway:
    def test_before_any_failure_all_may_try(self):
        away = Away("test")

        assert [away.may_try(), away.may_try()] == [True, True]

    def test_after_a_failure_nobody_tries_for_two_seconds_and_then_one(self, clock):
        away = Away("test")
        away.failed(OSError())

        tries = []
        for now in (1000.0, 1001.9, 1002.0, 1002.1, 1003.9, 1004.0):
            clock[0] = now
            tries.append(away.may_try())

        assert tries == [False, False, True, False, False, True]

    def test_an_answer_opens_the_way_for_all(self, clock):
        away = Away("test")
        away.failed(OSError())
        away.answered()

        assert [away.may_try(), away.may_try()] == [True, True]

    def test_log_has_one_line_per_outage(self, caplog):
        caplog.set_level(logging.INFO)
        away = Away("test")

        away.answered()
        away.failed(OSError())
        away.failed(OSError())
        away.answered()

        assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
            ("WARNING", "Redis is away, test goes on without it: OSError"),
            ("INFO", "Redis is back for test"),
        ]


@pytest.mark.redis
class TestClients:
    def test_async_client_is_one_per_loop_and_closed_with_it(self):
        seen = []

        async def use():
            client = await redisclient.async_client()
            assert await redisclient.async_client() is client
            await client.ping()
            (connection,) = client.connection_pool._available_connections
            seen.append((client, connection))

        asyncio.run(use())
        async_to_sync(use)()

        assert seen[0][0] is not seen[1][0]
        assert [connection.is_connected for _, connection in seen] == [False, False]

    def test_sync_client_is_shared(self):
        assert redisclient.sync_client() is redisclient.sync_client()
        assert redisclient.sync_client().ping() is True

    async def test_silence_costs_a_fifth_of_a_second(self, settings):
        async with redis_proxy(settings) as proxy:
            client = redisclient.open_async()
            await client.ping()
            proxy.freeze()
            started = asyncio.get_running_loop().time()

            with pytest.raises(redisclient.FAILURES):
                await client.ping()

            assert 0.15 < asyncio.get_running_loop().time() - started < 1.5
            await client.aclose()
