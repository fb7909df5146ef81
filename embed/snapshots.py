"""What a web process knows of a widget, read once and kept in memory: the public paths answer from here.

A reader never waits while an entry is fresh; one that has become stale is served while a single reader renews it; one
that is too old is renewed first. How long that is depends on whether this process hears the others' version messages:
with them a change drops the entry at once, without them the time alone keeps the promise of five seconds. When the
database is away, entries go on for STALE_ON_ERROR seconds; the licence's own dates are compared with the clock on every
request, so nothing outlives its expiry.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic

from core import bus, metrics
from embed.database import Unavailable, ask
from embed.snapshot import Snapshot, load_snapshot

log = logging.getLogger(__name__)

CAPACITY = 20_000
STALE_ON_ERROR = 600.0  # seconds
_HEARING = (30.0, 60.0)  # seconds: renew in the background after, wait for the renewal after
_DEAF = (2.0, 4.0)
PATIENCE = 1.0  # seconds to wait for a renewal when there is a last state to go on with

Key = tuple[str, str]  # licence id, widget id ("" for the licence's default widget)


@dataclass(slots=True)
class Entry:
    snapshot: Snapshot | None  # None: there is no such widget
    read_at: float
    renewal: asyncio.Task[None] | None = None
    suspect: bool = False  # a message about it may have been missed

    def lives(self) -> tuple[float, float]:
        if self.suspect:
            return 0.0, 0.0
        return _HEARING if bus.is_live() else _DEAF


@dataclass(slots=True)
class SnapshotCache:
    entries: OrderedDict[Key, Entry] = field(default_factory=OrderedDict)
    loading: dict[tuple[Key, int], asyncio.Task[Entry]] = field(default_factory=dict)
    generation: int = 0
    oldest: float = 0.0  # seconds: of what was served since this was last read

    async def get(self, license_id: str, widget_id: str = "") -> Snapshot | None:
        """The widget as it is served now, or None when there is none. Raises Unavailable."""
        key = (license_id, widget_id)
        entry = self.entries.get(key)
        if entry is None:
            return (await self._load(key)).snapshot
        age = monotonic() - entry.read_at
        self.oldest = max(self.oldest, age)
        soft, hard = entry.lives()
        if age >= hard:
            return (await self._renewed(key, entry, age)).snapshot
        if age >= soft:
            self._renew_behind(key, entry)
        return entry.snapshot

    def knows(self, license_id: str, widget_id: str) -> bool:
        return (license_id, widget_id) in self.entries

    def forget(self, topic: str) -> None:
        """A version message, from any thread: drop what is known of this licence or organization.

        Where any message may have been missed, what is known must be read anew; without a database it still goes on.
        """
        self.generation += 1
        for key, entry in list(self.entries.items()):
            if topic == bus.EVERYTHING:
                entry.suspect = True
            elif topic in _topics(key, entry):
                self.entries.pop(key, None)

    def clear(self) -> None:
        self.generation += 1
        self.entries.clear()
        self.loading.clear()

    async def _renewed(self, key: Key, entry: Entry, age: float) -> Entry:
        if age >= STALE_ON_ERROR:
            return await self._load(key)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._load(key)
        except (Unavailable, TimeoutError):
            return entry

    def _renew_behind(self, key: Key, entry: Entry) -> None:
        if entry.renewal is None or entry.renewal.done():
            entry.renewal = asyncio.create_task(self._renew(key))

    async def _renew(self, key: Key) -> None:
        try:
            await self._load(key)
        except Unavailable:
            log.warning("A widget could not be renewed; its last state goes on.")

    async def _load(self, key: Key) -> Entry:
        """One read for all who wait for the same widget, but for those who come after a change a new one."""
        reading = key, self.generation
        task = self.loading.get(reading)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = self.loading[reading] = asyncio.create_task(self._read(key))
            task.add_done_callback(lambda _: self.loading.pop(reading, None))
        return await asyncio.shield(task)

    async def _read(self, key: Key) -> Entry:
        generation, started = self.generation, monotonic()
        entry = Entry(await ask(load_snapshot, *key), started)
        self.entries[key] = entry
        # What does not exist makes room first: made-up ids must not drive out the widgets that are in use.
        self.entries.move_to_end(key, last=entry.snapshot is not None)
        if generation != self.generation:  # something changed while we read: good for these readers only
            self.entries.pop(key, None)
        while len(self.entries) > CAPACITY:
            self.entries.popitem(last=False)
        return entry


def _topics(key: Key, entry: Entry) -> tuple[str, ...]:
    return (key[0], *entry.snapshot.topics) if entry.snapshot else (key[0],)


cache = SnapshotCache()


@metrics.gauge("chatdock_snapshot_age_seconds", "The oldest state of a widget served since the last scrape.")
def _oldest() -> dict[metrics.Labels, float]:
    age, cache.oldest = cache.oldest, 0.0
    return {(): age}
