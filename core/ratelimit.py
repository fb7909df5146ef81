"""Rate limits: at most `events` in `seconds`, in a burst or spread out, over several keys at once.

The method is GCRA (ITU-T I.371): per key one number, the theoretical arrival time (TAT) of the next event if all came
evenly. It is kept in Redis for all processes; while Redis is away each process enforces its share of every limit.
Times are whole microseconds, so that Redis and this process come to the same answers.
"""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from core import metrics, redisclient
from core.away import Away

refusals = metrics.counter("chatdock_rate_limit_refusals_total", "What came too fast, by any limit.")

_PREFIX = "limit:"
_MICRO = 1_000_000
_MOST_PER_CALL = 64  # hits; keeps one run of the script well under a millisecond

# Decides any number of hits in order. KEYS: the keys of all hits. ARGV: per hit the number of its keys, then for each
# key the interval and the tolerance. Gives for each hit the microseconds to wait; 0 means that it was counted.
# %.0f: Lua itself would write such a large number with a loss.
SCRIPT = """
local clock = redis.call("TIME")
local now = clock[1] * 1000000 + clock[2]
local waits, key, arg = {}, 0, 1
while ARGV[arg] do
  local size, wait, tats = tonumber(ARGV[arg]), 0, {}
  for i = 1, size do
    local interval, tolerance = tonumber(ARGV[arg + 2 * i - 1]), tonumber(ARGV[arg + 2 * i])
    tats[i] = math.max(tonumber(redis.call("GET", KEYS[key + i]) or now), now) + interval
    wait = math.max(wait, tats[i] - tolerance - now)
  end
  if wait == 0 then
    for i = 1, size do
      redis.call("SET", KEYS[key + i], string.format("%.0f", tats[i]), "PX", math.ceil((tats[i] - now) / 1000))
    end
  end
  waits[#waits + 1] = wait
  key, arg = key + size, arg + 1 + 2 * size
end
return waits
"""


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    events: int  # 0: nothing passes
    seconds: int

    def rate(self, processes: int = 1) -> tuple[int, int]:
        """(interval between two events, how far events may run ahead of it), in µs, for one of so many processes."""
        interval = self.seconds * _MICRO * processes // max(1, self.events)
        burst = -(-self.events // processes)  # rounded up: each process lets at least one through
        return interval, interval * burst


async def hit(limits: Sequence[Limit]) -> float | None:
    """None: admitted, and counted under every limit. A number: the seconds to wait, and nothing is counted."""
    if not limits:
        return None
    if settings.REDIS_URL and _away.may_try():
        try:
            wait = await _queue_of_this_loop().decide(limits)
        except redisclient.FAILURES as error:
            _away.failed(error)
        else:
            _away.answered()
            return _seconds(wait)
    return _hit_here(limits)


def hit_sync(limits: Sequence[Limit]) -> float | None:
    """`hit` for code that has no event loop."""
    if not limits:
        return None
    if settings.REDIS_URL and _away.may_try():
        try:
            waits = redisclient.sync_client().register_script(SCRIPT)(*_script_input([limits]))
        except redisclient.FAILURES as error:
            _away.failed(error)
        else:
            _away.answered()
            return _seconds(waits[0])
    return _hit_here(limits)


def room_sync(limit: Limit) -> tuple[int, float]:
    """(how many events would pass right now, seconds until all of `limit.events` would). Counts nothing."""
    if settings.REDIS_URL and _away.may_try():
        try:
            ahead = max(0, redisclient.sync_client().pttl(_PREFIX + limit.key)) * 1000
        except redisclient.FAILURES as error:
            _away.failed(error)
        else:
            _away.answered()
            return _room(limit, ahead, processes=1)
    ahead = _here.ahead(limit.key, now=time.monotonic_ns() // 1000)
    return _room(limit, ahead, processes=settings.WEB_PROCESSES)


def _room(limit: Limit, ahead: int, *, processes: int) -> tuple[int, float]:
    """`ahead`: how far the theoretical arrival time lies in the future, in µs."""
    interval, tolerance = limit.rate(processes)
    return max(0, (tolerance - ahead) // interval) if limit.events else 0, ahead / _MICRO


class LocalLimiter:
    """The same decision in this process's memory; the keys hit longest ago make room for new ones."""

    def __init__(self, capacity: int = 50_000) -> None:
        self._capacity = capacity
        self._tats: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def decide(self, limits: Sequence[Limit], *, now: int, processes: int = 1) -> int:
        """The µs to wait at the time `now` (µs); 0 when all are counted."""
        with self._lock:
            wait, tats = 0, {}
            for limit in limits:
                interval, tolerance = limit.rate(processes)
                tats[limit.key] = max(self._tats.get(limit.key, now), now) + interval
                wait = max(wait, tats[limit.key] - tolerance - now)
            if wait == 0:
                self._store(tats)
            return wait

    def ahead(self, key: str, *, now: int) -> int:
        """How far the key's theoretical arrival time lies behind `now` in the future, in µs."""
        with self._lock:
            return max(0, self._tats.get(key, now) - now)

    def _store(self, tats: dict[str, int]) -> None:
        for key, tat in tats.items():
            self._tats[key] = tat
            self._tats.move_to_end(key)
        while len(self._tats) > self._capacity:
            self._tats.popitem(last=False)


class _Queue:
    """Hits that arrive while a call to Redis is on its way share the next one: one connection serves any number."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Sequence[Limit], asyncio.Future[int]]] = []
        self._task: asyncio.Task[None] | None = None

    async def decide(self, limits: Sequence[Limit]) -> int:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        self._waiting.append((limits, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                calls, self._waiting = self._waiting[:_MOST_PER_CALL], self._waiting[_MOST_PER_CALL:]
                await self._call(calls)
        finally:
            self._task = None

    async def _call(self, calls: list[tuple[Sequence[Limit], asyncio.Future[int]]]) -> None:
        try:
            waits = await redisclient.run_script(SCRIPT, *_script_input([limits for limits, _ in calls]))
        except Exception as error:  # whatever it is, those who wait must hear of it
            for _, future in calls:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), wait in zip(calls, waits, strict=True):
                if not future.done():  # the one who asked may be gone
                    future.set_result(wait)


def _script_input(calls: Sequence[Sequence[Limit]]) -> tuple[list[str], list[int]]:
    keys, arguments = [], []
    for limits in calls:
        arguments.append(len(limits))
        for limit in limits:
            keys.append(_PREFIX + limit.key)
            arguments.extend(limit.rate())
    return keys, arguments


class _OfThisThread(threading.local):
    loop: asyncio.AbstractEventLoop | None = None
    queue: _Queue


_away = Away("Redis, for rate limits,")
_here = LocalLimiter()
_of_this_thread = _OfThisThread()


def _queue_of_this_loop() -> _Queue:
    loop = asyncio.get_running_loop()
    if _of_this_thread.loop is not loop:
        _of_this_thread.loop, _of_this_thread.queue = loop, _Queue()
    return _of_this_thread.queue


def _hit_here(limits: Sequence[Limit]) -> float | None:
    return _seconds(_here.decide(limits, now=time.monotonic_ns() // 1000, processes=settings.WEB_PROCESSES))


def _seconds(wait: int) -> float | None:
    if not wait:
        return None
    refusals[()] += 1
    return wait / _MICRO
