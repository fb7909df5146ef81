import asyncio

import pytest
from asgiref.sync import async_to_sync

from core import redisclient
from tests.core.redis_proxy import redis_proxy


@pytest.mark.redis
class TestClients:
    def test_connection_is_one_per_loop_and_closed_with_it(self):
        seen = []

        async def use():
            assert await redisclient.run_script("return 7", [], []) == 7
            connection = await redisclient._connection()
            assert await redisclient._connection() is connection
            seen.append((connection, connection.is_connected))

        asyncio.run(use())
        async_to_sync(use)()

        (one, was_open), (other, too) = seen
        assert one is not other
        assert [was_open, too, one.is_connected, other.is_connected] == [True, True, False, False]

    async def test_late_answer_is_not_taken_for_the_next(self, settings, monkeypatch):
        async with redis_proxy(settings) as proxy:
            assert await redisclient.run_script("return 1", [], []) == 1
            proxy.freeze()
            with monkeypatch.context() as patch:
                patch.setitem(redisclient._PATIENCE, "socket_timeout", 0.2)
                with pytest.raises(redisclient.FAILURES):
                    await redisclient.run_script("return 2", [], [])
            proxy.thaw()

            assert await redisclient.run_script("return 3", [], []) == 3

    def test_sync_client_is_shared(self):
        assert redisclient.sync_client() is redisclient.sync_client()
        assert redisclient.sync_client().ping() is True

    async def test_silence_costs_a_fifth_of_a_second(self, settings, monkeypatch):
        monkeypatch.setitem(redisclient._PATIENCE, "socket_timeout", 0.2)
        async with redis_proxy(settings) as proxy:
            client = redisclient.open_async()
            await client.ping()
            proxy.freeze()
            started = asyncio.get_running_loop().time()

            with pytest.raises(redisclient.FAILURES):
                await client.ping()

            assert 0.15 < asyncio.get_running_loop().time() - started < 1.5
            await client.aclose()
