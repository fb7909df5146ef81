"""Many small writes made into few large ones."""

import asyncio
import contextlib
import functools
import logging
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.db import DataError, IntegrityError

from core import metrics
from core.db import in_db
from core.lifespan import on_shutdown

logger = logging.getLogger(__name__)

T = TypeVar("T")

dropped = metrics.counter("chatdock_queue_dropped_total", "Small writes that were lost.", "queue")
_writers: "WeakSet[BatchWriter[Any]]" = WeakSet()

_DELAYS = (0, 0.1, 0.2, 0.4, 0.8)  # seconds before each try


def each_alone(write: Callable[[list[T]], None]) -> Callable[[list[T]], None]:
    """A `write` that does not lose a list for one row whose widget was deleted meanwhile. `write` must be atomic."""

    @functools.wraps(write)
    def write_each(items: list[T]) -> None:
        try:
            write(items)
        except (DataError, IntegrityError):
            for item in items:
                try:
                    write([item])
                except (DataError, IntegrityError) as error:
                    logger.warning("A row was dropped, it does not fit (any more): %s", type(error).__name__)

    return write_each


class BatchWriter(Generic[T]):
    """Collects items and hands them to `write` in lists, in order, at most `max_delay` seconds later.

    `write` is sync, runs in a database thread, and gets a list again if it raises; the fifth failure drops the list.
    A normal shutdown of the web process writes what is left.
    """

    def __init__(
        self,
        write: Callable[[list[T]], None],
        *,
        max_delay: float = 0.2,
        max_items: int = 500,
        capacity: int = 50_000,
    ) -> None:
        self._write = write
        self._max_delay = max_delay
        self._max_items = max_items
        self._capacity = capacity
        self._items: deque[T] = deque()
        self._dropped = 0
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._name = write.__name__
        _writers.add(self)
        on_shutdown(self.drain)

    def put(self, item: T) -> bool:
        """Called on an event loop. False when so much waits that this item is dropped."""
        if len(self._items) >= self._capacity:
            self._dropped += 1
            dropped[self._name,] += 1
            return False
        self._items.append(item)
        self._ensure_task()
        if len(self._items) >= self._max_items:
            self._hurry.set()
        return True

    async def drain(self) -> None:
        """Returns when everything put so far is written or given up."""
        while self._items or self._is_running():
            task = self._ensure_task()
            self._hurry.set()
            await asyncio.shield(task)

    def _is_running(self) -> bool:
        """A task counts on its own loop only: that of a loop which has ended will never be done."""
        return self._task is not None and not self._task.done() and self._task.get_loop() is asyncio.get_running_loop()

    def _ensure_task(self) -> asyncio.Task[None]:
        if self._task is None or not self._is_running():
            self._hurry = asyncio.Event()
            self._task = asyncio.get_running_loop().create_task(self._run(self._hurry))
        return self._task

    async def _run(self, hurry: asyncio.Event) -> None:
        """Lives from the first item until nothing is left."""
        while self._items:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hurry.wait(), self._max_delay)
            hurry.clear()
            waiting = len(self._items)  # what arrives during the writes gets its own delay, or lists would be tiny
            while waiting > 0:
                items = [self._items.popleft() for _ in range(min(waiting, self._max_items))]
                waiting -= len(items)
                await self._write_or_drop(items)
            if self._dropped:
                logger.error("%d items came while %d waited, and were dropped", self._dropped, self._capacity)
                self._dropped = 0

    async def _write_or_drop(self, items: list[T]) -> None:
        for delay in _DELAYS:
            await asyncio.sleep(delay)
            try:
                await in_db(self._write, items)
            except Exception as error:
                logger.warning("A batch could not be written: %s", type(error).__name__, exc_info=error)
            else:
                return
        dropped[self._name,] += len(items)
        logger.error("%d items could not be written, and were dropped", len(items))


@metrics.gauge("chatdock_queue_waiting", "Small writes that wait in this process.", "queue")
def _waiting() -> Counter[metrics.Labels]:
    waiting: Counter[metrics.Labels] = Counter()
    for writer in list(_writers):
        waiting[writer._name,] += len(writer._items)
    return waiting
