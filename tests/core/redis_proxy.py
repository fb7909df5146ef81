"""A way to Redis that a test can cut or freeze without touching the Redis that others use."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from django.conf import settings


class RedisProxy:
    def __init__(self):
        self._writers = set()
        self._served = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server = None
        self.port = 0

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}{urlsplit(settings.REDIS_REAL_URL).path}"

    async def start(self):
        """Opens the way, after a cut on the same port."""
        self._flowing.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self):
        """As if Redis were killed: connections break, new ones are refused."""
        self._server.close()
        self._flowing.set()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._served)

    def freeze(self):
        """As if the network swallowed everything: connections stand, nothing comes."""
        self._flowing.clear()

    def thaw(self):
        self._flowing.set()

    async def _serve(self, reader, writer):
        self._served.add(asyncio.current_task())
        there = urlsplit(settings.REDIS_REAL_URL)
        redis_reader, redis_writer = await asyncio.open_connection(there.hostname, there.port)
        self._writers |= {writer, redis_writer}
        await asyncio.gather(self._pump(reader, redis_writer), self._pump(redis_reader, writer))

    async def _pump(self, reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)


@contextlib.asynccontextmanager
async def redis_proxy(settings):
    """Points `settings.REDIS_URL` at a proxy before the real Redis."""
    settings.REDIS_REAL_URL = settings.REDIS_URL
    proxy = RedisProxy()
    await proxy.start()
    settings.REDIS_URL = proxy.url
    try:
        yield proxy
    finally:
        await proxy.cut()
