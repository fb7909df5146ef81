"""The load of visitors who come at a rate of their own, whether or not the earlier ones have been answered.

In a closed loop over an upstream of constant speed visitors gather in a crowd: whom a pause holds up together asks
together ever after. This is how long a call takes where nobody waits for anybody.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence

from tests.bench.client import WARM_SECONDS, Connection, Load, Sample, check, sample
from tests.bench.processes import Server


class Pool:
    """Connections without a request, and the moments of those who came when there was none."""

    def __init__(self) -> None:
        self.free: list[Caller] = []
        self.due: deque[float] = deque()

    def come(self, moment: float) -> None:
        self.due.append(moment)
        self.serve()

    def serve(self) -> None:
        while self.free and self.due:
            self.free.pop().ask(self.due.popleft())


class Caller(Connection):
    """Asks when somebody comes."""

    def __init__(self, load: Load, request: bytes, pool: Pool) -> None:
        super().__init__(load, request)
        self.pool = pool

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.pool.free.append(self)

    def ask(self, due: float) -> None:
        self.send()
        self.sent = due  # who had to wait for a connection has waited, too

    def next(self) -> None:
        self.pool.free.append(self)
        self.pool.serve()


async def open_loop(server: Server, requests: Sequence[bytes], *, rate: float, seconds: float) -> Sample:
    """Poisson arrivals, `rate` a second, over as many connections as requests. Raises Broken."""
    load, pool, loop = Load(200), Pool(), asyncio.get_running_loop()
    for request in requests:
        await loop.create_connection(lambda request=request: Caller(load, request, pool), "127.0.0.1", server.port)
    arriving = asyncio.create_task(_arrive(pool, rate))
    try:
        await asyncio.sleep(WARM_SECONDS)
        taken = await sample(load, server, seconds)
        check(load)
    finally:
        arriving.cancel()
        load.running = False
        for caller in pool.free:
            caller.transport.close()
    return taken


async def _arrive(pool: Pool, rate: float) -> None:
    chance, moment = random.Random(1), time.monotonic()
    while True:
        moment += chance.expovariate(rate)
        await asyncio.sleep(moment - time.monotonic())
        pool.come(moment)
