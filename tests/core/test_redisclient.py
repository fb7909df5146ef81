import asyncio

import pytest
from asgiref.sync import async_to_sync

from core import redisclient
from tests.core.redis_proxy import redis_proxy


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
