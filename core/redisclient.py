"""How this process talks to Redis: with little patience, because everything here can go on without it."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from hiredis import pack_command
from redis.asyncio.connection import AbstractConnection as Connection
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


async def run_script(script: str, keys: Sequence[str], arguments: Sequence[int]) -> Any:
    """A Lua script's answer, for one caller at a time. Raises one of FAILURES.

    On a connection of the loop's own: the client's way to one costs as much as the script.
    """
    connection = await _connection()
    try:
        async with asyncio.timeout(_PATIENCE["socket_timeout"]):
            try:
                return await _ask(connection, "EVALSHA", _digest(script), len(keys), *keys, *arguments)
            except redis.exceptions.NoScriptError:
                return await _ask(connection, "EVAL", script, len(keys), *keys, *arguments)
    except BaseException:  # also when cancelled: an answer that comes late must not be taken for the next one's
        await connection.disconnect(nowait=True)
        raise


async def _ask(connection: Connection, *command: str | int) -> Any:
    # The client's own way to bytes is a twentieth of a session call. (The stub means a tuple of any length.)
    await connection.send_packed_command(pack_command(command))  # type: ignore[arg-type]
    return await connection.read_response()


@lru_cache(maxsize=2)
def _digest(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


class _OfThisThread(threading.local):
    loop: asyncio.AbstractEventLoop | None = None
    connection: Connection
    keeper: AsyncGenerator[Connection, None]


_of_this_thread = _OfThisThread()


async def _connection() -> Connection:
    """The connection of the running event loop, opened by what is sent first and closed when the loop ends."""
    loop = asyncio.get_running_loop()
    if _of_this_thread.loop is not loop:
        # Without a timeout of its own: each would cost a task, where one for both ways does.
        pool = redis.asyncio.ConnectionPool.from_url(settings.REDIS_URL, socket_connect_timeout=0.2)
        _of_this_thread.keeper = _keep(pool.make_connection())  # type: ignore[no-untyped-call]
        _of_this_thread.connection = await anext(_of_this_thread.keeper)
        _of_this_thread.loop = loop
    return _of_this_thread.connection


async def _keep(connection: Connection) -> AsyncGenerator[Connection, None]:
    """Every runner closes its loop's open generators, so this serves uvicorn, async_to_sync and tests alike."""
    try:
        yield connection
    finally:
        await connection.disconnect()
