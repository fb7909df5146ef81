"""How this process talks to Redis: with little patience, because everything here can go on without it."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from functools import lru_cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

FAILURES = (redis.RedisError, OSError)
_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}  # seconds


def open_async() -> "redis.asyncio.Redis":
    """A client of the caller's own, to be closed by it."""
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, retry=AsyncRetry(NoBackoff(), 0), **_PATIENCE)


def sync_client() -> "redis.Redis":
    """The process's client for code outside an event loop; threads share it."""
    return _sync_client(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _sync_client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **_PATIENCE)


class _OfThisThread(threading.local):
    loop: asyncio.AbstractEventLoop | None = None
    client: "redis.asyncio.Redis"
    keeper: AsyncGenerator["redis.asyncio.Redis", None]


_of_this_thread = _OfThisThread()


async def async_client() -> "redis.asyncio.Redis":
    """The client of the running event loop, closed when the loop ends."""
    loop = asyncio.get_running_loop()
    if _of_this_thread.loop is not loop:
        _of_this_thread.keeper = _keep(open_async())
        _of_this_thread.client = await anext(_of_this_thread.keeper)
        _of_this_thread.loop = loop
    return _of_this_thread.client


async def _keep(client: "redis.asyncio.Redis") -> AsyncGenerator["redis.asyncio.Redis", None]:
    """Every runner closes its loop's open generators, so this serves uvicorn, async_to_sync and tests alike."""
    try:
        yield client
    finally:
        await client.aclose()
