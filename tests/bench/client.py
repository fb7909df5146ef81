"""The load: connections that send a request, wait for its answer, and send the next; as cheap as Python allows."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.processes import Server

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)")
WARM_SECONDS = 0.4
_HEAD_END = b"\r\n\r\n"


class Broken(Exception):
    """A server answered otherwise than it should: there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Sample:
    rate: float  # requests/s
    cpu: float  # µs of the server per request
    p50: float  # ms
    p99: float


@dataclass(slots=True)
class Load:
    """What the connections of one measurement share."""

    status: int  # the one expected
    running: bool = True
    seconds: list[float] = field(default_factory=list)  # of each answered request
    wrong: Counter[int] = field(default_factory=Counter)  # by status; 0 for a connection that ended


class Connection(asyncio.Protocol):
    """One visitor in a closed loop."""

    transport: asyncio.Transport

    def __init__(self, load: Load, request: bytes) -> None:
        self.load, self.request = load, request
        self.buffer = b""
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(_HEAD_END)
        if head < 0:
            return
        length = _LENGTH.search(self.buffer, 0, head)
        if len(self.buffer) < head + len(_HEAD_END) + (int(length[1]) if length else 0):
            return
        self._answered(int(self.buffer[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        if self.load.running:
            self.load.wrong[0] += 1
        if not self.closed.done():
            self.closed.set_result(None)

    def send(self) -> None:
        self.buffer = b""
        self.sent = time.monotonic()
        self.transport.write(self.request)

    def _answered(self, status: int) -> None:
        self.load.seconds.append(time.monotonic() - self.sent)
        if status != self.load.status:
            self.load.wrong[status] += 1
        if self.load.running:
            self.next()
        else:
            self.transport.close()

    def next(self) -> None:
        self.send()


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    head = {"Host": "chat.example.com", **headers}
    if method == "POST":
        head |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join(lines).encode() + _HEAD_END + body


async def connect(load: Load, server: Server, requests: Sequence[bytes], *, spread: float = 0.0) -> list[Connection]:
    """One connection for each of the requests; they begin at random moments within `spread` seconds.

    Visitors come independently of each other. Beginning together, they would stay together: all ask, then all wait.
    """
    chance = random.Random(1)
    made = [_begin(load, server, request, spread * chance.random()) for request in requests]
    return await asyncio.gather(*made)


async def _begin(load: Load, server: Server, request: bytes, delay: float) -> Connection:
    await asyncio.sleep(delay)
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(load, request), "127.0.0.1", server.port)
    return connection


async def closed_loop(
    server: Server, requests: Sequence[bytes], *, seconds: float, spread: float = 0.0, status: int = 200
) -> Sample:
    """As many connections as requests, measured for `seconds` after WARM_SECONDS of the same. Raises Broken."""
    load = Load(status)
    connections = await connect(load, server, requests, spread=spread)
    await asyncio.sleep(WARM_SECONDS)
    taken = await sample(load, server, seconds)
    await finish(load, connections)
    return taken


async def sample(load: Load, server: Server, seconds: float) -> Sample:
    """What the load brings in the next `seconds`. Raises Broken when that is nothing."""
    load.seconds.clear()
    start, cpu = time.monotonic(), server.cpu()
    await asyncio.sleep(seconds)
    took, used, times = time.monotonic() - start, server.cpu() - cpu, sorted(load.seconds)
    if not times:
        raise Broken(f"no answer in {seconds:g} s")
    return Sample(len(times) / took, used / len(times) * 1e6, quantile(times, 0.5) * 1e3, quantile(times, 0.99) * 1e3)


async def finish(load: Load, connections: Sequence[Connection]) -> None:
    """Lets every connection have its last answer. Raises Broken if any answer was wrong."""
    load.running = False
    await asyncio.wait_for(asyncio.gather(*(connection.closed for connection in connections)), 30)
    check(load)


def check(load: Load) -> None:
    """Raises Broken if any answer was wrong."""
    if load.wrong:
        raise Broken(f"answers by status, where {load.status} was due (0: no answer): {dict(load.wrong)}")


def quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
