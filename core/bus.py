"""Messages between processes: "this topic has changed, forget what you know of it".

A lost message is not an error. Who keeps something in memory gives it a short life while `is_live()` is False, and a
bounded one always.
"""

import asyncio
import contextlib
import logging
import os
import random
import secrets
from collections.abc import Callable

import redis
import redis.asyncio
from django.conf import settings

from core import metrics, redisclient
from core.away import Away
from core.lifespan import on_shutdown, on_startup

logger = logging.getLogger(__name__)

EVERYTHING = "*"  # the topic after a reconnection: any message may have been missed
_CHANNEL = "bus"
_SILENCE = 2.0  # seconds until a ping, and then again until the connection counts as dead
_SHORTEST, _LONGEST = 0.1, 5.0  # seconds between two attempts to connect
_INSTANCE = secrets.token_hex(8)

_subscribers: list[Callable[[str], None]] = []
_away = Away("Redis, for messages between processes,")
_live = False
_listener: asyncio.Task[None] | None = None


def subscribe(callback: Callable[[str], None]) -> None:
    """The callback gets every topic, and EVERYTHING. It is called from any thread and must be quick."""
    _subscribers.append(callback)


def publish(topic: str) -> None:
    """Tells this process at once and the others through Redis. Never raises; gives up on Redis after 0.8 s.

    Tries twice, also where Redis failed a moment ago: the second try opens a new connection, and a message that is lost
    leaves the others with what they know for a minute.
    """
    _deliver(topic)
    if not settings.REDIS_URL:
        return
    for last in (False, True):
        try:
            redisclient.sync_client().publish(_CHANNEL, f"{_me()} {topic}")
        except redisclient.FAILURES as error:
            if last:
                _away.failed(error)
        else:
            _away.answered()
            return


def is_live() -> bool:
    """Whether this process hears the others."""
    return _live


@metrics.gauge("chatdock_hears_others", "1 while version messages of the other processes arrive.")
def _hears() -> dict[metrics.Labels, float]:
    return {(): float(_live)}


async def run() -> None:
    """Hears the others until cancelled. Without a Redis there are none to hear."""
    global _live  # noqa: PLW0603
    delay = 0.0
    while settings.REDIS_URL:
        client = redisclient.open_async()
        try:
            await _listen(client)
        except redisclient.FAILURES as error:
            if _live or not delay:
                logger.warning("Not hearing the other processes: %s", type(error).__name__)
            delay = _SHORTEST if _live else min(delay * 2 or _SHORTEST, _LONGEST)
        finally:
            _live = False
            await client.aclose()
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311


async def _listen(client: "redis.asyncio.Redis") -> None:
    """Delivers what arrives. Ends only with an exception: a connection error or its cancellation."""
    global _live  # noqa: PLW0603
    async with client.pubsub() as pubsub:
        await pubsub.subscribe(_CHANNEL)
        pinged = False
        while True:
            message = await pubsub.get_message(timeout=_SILENCE)
            if message is None:
                if pinged:
                    raise redis.ConnectionError("no answer to a ping")
                await pubsub.ping()
            elif message["type"] == "subscribe":
                _live = True
                _deliver(EVERYTHING)
            elif message["type"] == "message":
                sender, _, topic = message["data"].decode().partition(" ")
                if sender != _me():
                    _deliver(topic)
            pinged = message is None


def _deliver(topic: str) -> None:
    for callback in _subscribers:
        try:
            callback(topic)
        except Exception:
            logger.exception("A subscriber failed on %s", topic)


def _me() -> str:
    """Asked each time: a process that forks after the import is another one."""
    return f"{_INSTANCE}.{os.getpid()}"


@on_startup
async def _start() -> None:
    global _listener  # noqa: PLW0603
    _listener = asyncio.create_task(run())


@on_shutdown
async def _stop() -> None:
    if _listener is not None:
        _listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await _listener
