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

from django.db import DatabaseError

from core import bus
from core.db import in_db
from embed.snapshot import Snapshot, load_snapshot

log = logging.getLogger(__name__)

CAPACITY = 20_000
STALE_ON_ERROR = 600.0  # seconds
_HEARING = (30.0, 60.0)  # seconds: renew in the background after, wait for the renewal after
_DEAF = (2.0, 4.0)

Key = tuple[str, str]  # licence id, widget id ("" for the licence's default widget)


class Unavailable(Exception):
    """The database is away and nothing recent enough is known."""


@dataclass(slots=True)
class Entry:
    snapshot: Snapshot | None  # None: there is no such widget
    read_at: float
    renewal: asyncio.Task[None] | None = None


@dataclass(slots=True)
class SnapshotCache:
    entries: OrderedDict[Key, Entry] = field(default_factory=OrderedDict)
    loading: dict[Key, asyncio.Task[Entry]] = field(default_factory=dict)
    generation: int = 0

    async def get(self, license_id: str, widget_id: str = "") -> Snapshot | None:
        """The widget as it is served now, or None when there is none. Raises Unavailable."""
        key = (license_id, widget_id)
        entry = self.entries.get(key)
        if entry is None:
            return (await self._load(key)).snapshot
        age = monotonic() - entry.read_at
        soft, hard = _HEARING if bus.is_live() else _DEAF
        if age < soft:
            return entry.snapshot
        if age < hard:
            self._renew_behind(key, entry)
            return entry.snapshot
        try:
            return (await self._load(key)).snapshot
        except Unavailable:
            if age < STALE_ON_ERROR:
                return entry.snapshot
            raise

    def forget(self, topic: str) -> None:
        """A version message, from any thread: drop what is known of this licence or organization."""
        self.generation += 1
        for key, entry in list(self.entries.items()):
            if topic == bus.EVERYTHING or topic in _topics(key, entry):
                self.entries.pop(key, None)

    def clear(self) -> None:
        self.generation += 1
        self.entries.clear()
        self.loading.clear()

    def _renew_behind(self, key: Key, entry: Entry) -> None:
        if entry.renewal is None or entry.renewal.done():
            entry.renewal = asyncio.create_task(self._renew(key))

    async def _renew(self, key: Key) -> None:
        try:
            await self._load(key)
        except Unavailable:
            log.warning("A widget could not be renewed; its last state goes on.")

    async def _load(self, key: Key) -> Entry:
        """One read for all who wait for the same widget."""
        task = self.loading.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = self.loading[key] = asyncio.create_task(self._read(key))
            task.add_done_callback(lambda _: self.loading.pop(key, None))
        return await asyncio.shield(task)

    async def _read(self, key: Key) -> Entry:
        generation, started = self.generation, monotonic()
        try:
            snapshot = await in_db(load_snapshot, *key)
        except DatabaseError as error:
            raise Unavailable from error
        entry = Entry(snapshot, started)
        if generation == self.generation:  # else something changed while we read: good for these readers only
            self.entries[key] = entry
            self.entries.move_to_end(key)
            while len(self.entries) > CAPACITY:
                self.entries.popitem(last=False)
        return entry


def _topics(key: Key, entry: Entry) -> tuple[str, ...]:
    return (key[0], *entry.snapshot.topics) if entry.snapshot else (key[0],)


cache = SnapshotCache()
