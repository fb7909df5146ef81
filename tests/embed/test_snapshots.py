"""The memory of a web process: fresh, stale, renewed by one reader, and what is left when the database is away."""

import asyncio
from typing import Any

import pytest

from core import bus
from embed import snapshots
from embed.database import Unavailable
from embed.snapshots import SnapshotCache


class Database:
    """Stands where `load_snapshot` stands: counts reads, may be slow, may be away."""

    def __init__(self) -> None:
        self.reads, self.away, self.gate = 0, False, asyncio.Event()
        self.gate.set()

    async def __call__(self, function: Any, *key: str) -> Any:
        self.reads += 1
        reads = self.reads
        await self.gate.wait()
        if self.away:
            raise Unavailable
        return None if key[0].startswith("no_") else Known(reads)


class Known:
    """A snapshot as far as the cache looks at it."""

    topics = ("org_a",)

    def __init__(self, number: int) -> None:
        self.number = number


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    database = Database()
    monkeypatch.setattr(snapshots, "ask", database)
    return database


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    class Clock:
        now = 1000.0

    monkeypatch.setattr(snapshots, "monotonic", lambda: Clock.now)
    return Clock


async def number(cache: SnapshotCache, license_id: str = "lic_a") -> int:
    found: Any = await cache.get(license_id)
    return int(found.number)


async def test_fresh_entry_is_read_once(database: Database, clock: Any) -> None:
    cache = SnapshotCache()

    assert [await number(cache) for _ in range(3)] == [1, 1, 1]


async def test_many_who_wait_share_one_read(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    database.gate.clear()
    waiting = [asyncio.create_task(number(cache)) for _ in range(50)]
    await asyncio.sleep(0)
    database.gate.set()

    assert set(await asyncio.gather(*waiting)) == {1}
    assert database.reads == 1


async def test_stale_entry_is_served_while_one_reader_renews_it(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    await number(cache)
    clock.now += 2.5

    assert [await number(cache), await number(cache)] == [1, 1]
    await asyncio.sleep(0.01)
    assert await number(cache) == 2
    assert database.reads == 2


async def test_too_old_an_entry_is_renewed_first(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    await number(cache)
    clock.now += 4.5

    assert await number(cache) == 2


async def test_hearing_the_others_an_entry_lives_longer(
    database: Database, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "is_live", lambda: True)
    cache = SnapshotCache()
    await number(cache)
    clock.now += 25

    assert await number(cache) == 1


@pytest.mark.parametrize(
    ("topic", "reads"), [("lic_a", 2), ("org_a", 2), (bus.EVERYTHING, 2), ("lic_b", 1), ("org_b", 1)]
)
async def test_version_message_drops_what_it_names(database: Database, clock: Any, topic: str, reads: int) -> None:
    cache = SnapshotCache()
    await number(cache)

    cache.forget(topic)
    await number(cache)

    assert database.reads == reads


async def test_read_that_a_change_overtook_is_not_kept(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    database.gate.clear()
    reading = asyncio.create_task(number(cache))
    await asyncio.sleep(0.01)

    cache.forget("lic_a")
    database.gate.set()

    assert await reading == 1
    assert await number(cache) == 2


async def test_database_away_serves_the_last_state_for_ten_minutes(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    await number(cache)
    database.away = True

    clock.now += 599
    assert await number(cache) == 1
    clock.now += 2
    with pytest.raises(Unavailable):
        await number(cache)


async def test_database_away_and_nothing_known(database: Database, clock: Any) -> None:
    database.away = True

    with pytest.raises(Unavailable):
        await number(SnapshotCache())


async def test_memory_is_bounded(database: Database, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "CAPACITY", 3)
    cache = SnapshotCache()

    for name in "abcde":
        await number(cache, name)

    assert [key for key, _ in cache.entries] == ["c", "d", "e"]


async def test_made_up_ids_do_not_drive_out_what_is_in_use(
    database: Database, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "CAPACITY", 3)
    cache = SnapshotCache()
    await number(cache, "lic_a")

    for guess in range(10):
        await cache.get(f"no_{guess}")

    assert await number(cache, "lic_a") == 1
    assert len(cache.entries) == 3


async def test_reader_after_a_change_does_not_join_a_read_from_before(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    database.gate.clear()
    before = asyncio.create_task(number(cache))
    await asyncio.sleep(0.01)

    cache.forget("lic_a")
    after = asyncio.create_task(number(cache))
    await asyncio.sleep(0.01)
    database.gate.set()

    assert (await before, await after) == (1, 2)


async def test_missed_messages_while_the_database_is_away_leave_the_last_state(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    await number(cache)
    database.away = True

    cache.forget(bus.EVERYTHING)
    assert await number(cache) == 1
    database.away = False
    assert await number(cache) == 3


async def test_changed_widget_is_not_served_from_before_the_change(database: Database, clock: Any) -> None:
    cache = SnapshotCache()
    await number(cache)
    database.away = True

    cache.forget("lic_a")

    with pytest.raises(Unavailable):
        await number(cache)


async def test_slow_database_keeps_nobody_waiting_who_can_go_on(
    database: Database, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PATIENCE", 0.02)
    cache = SnapshotCache()
    await number(cache)
    database.gate.clear()
    clock.now += 10

    assert await asyncio.wait_for(number(cache), 10) == 1
    database.gate.set()
