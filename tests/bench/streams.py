"""The load of streams: when does each piece arrive that says when it was sent?"""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.client import Broken, quantile
from tests.bench.processes import Server
from tests.bench.stub import PIECES

_TIME = re.compile(rb"@(\d+\.\d{6});")
_LONGEST_TIME = 32  # bytes
_END = b"0\r\n\r\n"  # the last chunk of a chunked body


@dataclass(frozen=True, slots=True)
class StreamSample:
    first_p50: float  # ms from the request to the first piece
    first_p99: float
    held_p50: float  # ms from the sending of a piece to its arrival
    held_p99: float
    held_max: float
    cpu: float  # ms of the server per stream


@dataclass(slots=True)
class Streams:
    first: list[float] = field(default_factory=list)  # seconds
    held: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)  # how streams ended that brought too little


class StreamConnection(asyncio.Protocol):
    """A visitor who has `turns` answers streamed, one after the other, and leaves."""

    transport: asyncio.Transport

    def __init__(self, streams: Streams, request: bytes, turns: int) -> None:
        self.streams, self.request, self.turns = streams, request, turns
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.rest += data
        end = 0
        for match in _TIME.finditer(self.rest):
            end = match.end()
            self._arrived(now, float(match[1]))
        self.rest = self.rest[end:][-_LONGEST_TIME:]
        if data.endswith(_END):
            self._ended(data)

    def connection_lost(self, error: Exception | None) -> None:
        for future in (self.begun, self.closed):
            if not future.done():
                future.set_result(None)

    def _send(self) -> None:
        self.rest, self.pieces = b"", 0
        self.turns -= 1
        self.sent = time.monotonic()
        self.transport.write(self.request)

    def _arrived(self, now: float, sent: float) -> None:
        self.pieces += 1
        if self.pieces > PIECES:  # the whole message that follows the pieces
            return
        self.streams.held.append(now - sent)
        if self.pieces == 1:
            self.streams.first.append(now - self.sent)
            if not self.begun.done():
                self.begun.set_result(None)

    def _ended(self, data: bytes) -> None:
        if self.pieces < PIECES:
            self.streams.wrong.append(data[-300:])
        if self.turns > 0:
            self._send()
        else:
            self.transport.close()


async def stream_loop(server: Server, requests: Sequence[bytes], *, turns: int, spread: float) -> StreamSample:
    """A visitor per request; they begin at random moments within `spread` seconds. Raises Broken."""
    streams, chance = Streams(), random.Random(1)
    cpu = server.cpu()
    visits = [_visit(streams, server, request, turns, spread * chance.random()) for request in requests]
    await asyncio.wait_for(asyncio.gather(*visits), 30)
    used = server.cpu() - cpu
    number = len(requests) * turns
    if streams.wrong or len(streams.held) != number * PIECES:
        raise Broken(f"{len(streams.held)} of {number * PIECES} pieces came; {streams.wrong[:1]}")
    first, held = sorted(streams.first), sorted(streams.held)
    return StreamSample(
        *(quantile(first, part) * 1e3 for part in (0.5, 0.99)),
        *(quantile(held, part) * 1e3 for part in (0.5, 0.99, 1)),
        cpu=used / number * 1e3,
    )


async def _visit(streams: Streams, server: Server, request: bytes, turns: int, delay: float) -> None:
    await asyncio.sleep(delay)
    connection = await open_stream(streams, server, request, turns)
    await connection.closed


async def open_stream(streams: Streams, server: Server, request: bytes, turns: int = 1) -> StreamConnection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: StreamConnection(streams, request, turns), "127.0.0.1", server.port
    )
    return connection
