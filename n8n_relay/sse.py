"""Encodes the events of a turn as server-sent events for the chat page.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson

from core.codes import MEANINGS, Code

from .events import Delta, Event, Failure, Message

logger = logging.getLogger(__name__)

PING_SECONDS = 15.0  # proxies cut connections that are silent for 30 to 60 seconds
_PING = b": ping\n\n"
_DONE = b"event: done\ndata: {}\n\n"


def encode(event: Event) -> bytes:
    """One event. The visitor gets our sentence for a failure, never the upstream's."""
    match event:
        case Delta(m, t):
            return b'event: delta\ndata: {"m":"%b","t":%b}\n\n' % (m.encode(), orjson.dumps(t))
        case Message(m, text):
            return b"event: message\ndata: %b\n\n" % orjson.dumps({"m": m, "text": text})
        case Failure(code):
            return b"event: error\ndata: %b\n\n" % orjson.dumps({"code": code, "message": MEANINGS[code].say})


async def encode_all(
    events: AsyncGenerator[Event, None], *, ping_seconds: float = PING_SECONDS
) -> AsyncGenerator[bytes, None]:
    """The body of the answer to the page: the events as they come, pings in between, `done` at the end.

    The caller must close it (`aclose`, or cancelling the task that reads it) when the visitor leaves: that closes
    `events`, and with them the connection to n8n.
    """
    # A task of its own reads the events: waiting for one with a time limit would cancel the read at every ping.
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    tasks = [asyncio.create_task(_read(events, queue)), asyncio.create_task(_ping(queue, ping_seconds))]
    try:
        while (part := await queue.get()) is not None:
            yield part
        yield _DONE
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(events: AsyncGenerator[Event, None], queue: asyncio.Queue[bytes | None]) -> None:
    try:
        async with aclosing(events):
            async for event in events:
                queue.put_nowait(encode(event))  # unbounded: the relay bounds what an answer may say
    except Exception:
        logger.exception("The relay of an n8n answer failed")
        queue.put_nowait(encode(Failure(Code.INTERNAL)))
    queue.put_nowait(None)


async def _ping(queue: asyncio.Queue[bytes | None], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        queue.put_nowait(_PING)
