import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync

from core import batch, lifespan
from core.batch import BatchWriter


class Store:
    """Takes lists; fails the next `failures` times; waits for `gate` before it takes one."""

    def __init__(self):
        self.lists = []
        self.failures = 0
        self.calls = 0
        self.gate = threading.Event()
        self.gate.set()

    def write(self, items):
        assert self.gate.wait(5)
        self.calls += 1
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.lists.append(list(items))

    @property
    def items(self):
        return [item for items in self.lists for item in items]


@pytest.fixture
def store():
    return Store()


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch):
    monkeypatch.setattr(lifespan, "_shutdown", [])
    monkeypatch.setattr(batch, "_DELAYS", (0, 0.01, 0.01, 0.01, 0.01))


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_items_are_written_together_after_the_delay(store):
    writer = BatchWriter(store.write, max_delay=0.1)
    for item in range(5):
        writer.put(item)

    started = time.monotonic()
    await until(lambda: store.lists)

    assert store.lists == [[0, 1, 2, 3, 4]]
    assert time.monotonic() - started > 0.09


async def test_full_list_does_not_wait(store):
    writer = BatchWriter(store.write, max_delay=60, max_items=3)
    for item in range(3):
        writer.put(item)

    await until(lambda: store.lists)

    assert store.lists == [[0, 1, 2]]


async def test_lists_are_never_longer_than_max_items(store):
    writer = BatchWriter(store.write, max_delay=60, max_items=3)
    for item in range(8):
        writer.put(item)

    await writer.drain()

    assert store.lists == [[0, 1, 2], [3, 4, 5], [6, 7]]


async def test_items_that_come_during_a_write_are_written_too(store):
    writer = BatchWriter(store.write, max_delay=0.01)
    store.gate.clear()
    writer.put(1)
    await until(lambda: not writer._items)
    writer.put(2)
    writer.put(3)
    store.gate.set()

    await until(lambda: len(store.lists) == 2)

    assert store.lists == [[1], [2, 3]]


async def test_writer_wakes_again_after_it_was_idle(store):
    writer = BatchWriter(store.write, max_delay=0.01)
    writer.put(1)
    await until(writer._task.done)
    writer.put(2)
    await until(writer._task.done)

    assert store.lists == [[1], [2]]


async def test_failed_list_is_tried_again_before_the_next(store):
    writer = BatchWriter(store.write, max_items=2)
    store.failures = 4
    for item in range(4):
        writer.put(item)

    await writer.drain()

    assert store.lists == [[0, 1], [2, 3]]
    assert store.calls == 6


async def test_list_that_fails_five_times_is_dropped_and_counted(store, caplog):
    writer = BatchWriter(store.write, max_items=2)
    store.failures = 5
    for item in range(3):
        writer.put(item)

    await writer.drain()

    assert store.lists == [[2]]
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == [
        "2 items could not be written, and were dropped"
    ]


async def test_put_into_a_full_writer_is_refused_and_logged_once(store, caplog):
    writer = BatchWriter(store.write, capacity=3)

    accepted = [writer.put(item) for item in range(5)]
    await writer.drain()

    accepted.append(writer.put(5))
    await writer.drain()

    assert accepted == [True, True, True, False, False, True]
    assert store.items == [0, 1, 2, 5]
    assert [r.getMessage() for r in caplog.records] == ["2 items came while 3 waited, and were dropped"]


async def test_shutdown_writes_what_is_left(store):
    writer = BatchWriter(store.write, max_delay=60)
    for item in range(1200):
        writer.put(item)

    await lifespan.shutdown()

    assert store.items == list(range(1200))


async def test_drain_waits_for_the_write_on_its_way(store):
    writer = BatchWriter(store.write, max_delay=0)
    store.gate.clear()
    writer.put(1)
    await until(lambda: not writer._items)
    draining = [asyncio.create_task(writer.drain()) for _ in range(2)]
    await asyncio.sleep(0.05)
    early = [task.done() for task in draining]
    store.gate.set()

    await asyncio.gather(*draining)

    assert (early, store.lists) == ([False, False], [[1]])


async def test_drain_of_nothing_ends(store):
    await asyncio.wait_for(BatchWriter(store.write).drain(), 10)

    assert store.calls == 0


def test_items_of_a_loop_that_ended_are_written_by_the_next(store):
    """As in Django's test client, where each request has a loop of its own."""
    writer = BatchWriter(store.write, max_delay=60)

    async def put(item):
        writer.put(item)

    async_to_sync(put)(1)
    async_to_sync(put)(2)
    async_to_sync(writer.drain)()

    assert store.lists == [[1, 2]]


def test_items_of_a_loop_that_stands_still_are_written_by_another(store):
    writer = BatchWriter(store.write, max_delay=60)

    async def put(item):
        writer.put(item)

    still = asyncio.new_event_loop()
    still.run_until_complete(put(1))
    asyncio.run(writer.drain())
    for task in (left := asyncio.all_tasks(still)):
        task.cancel()
    still.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    still.close()

    assert store.lists == [[1]]
