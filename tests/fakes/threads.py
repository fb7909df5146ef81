"""Conversations in memory. A thread belongs to one owner, and nobody else sees it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Owner = tuple[str, str]  # project (or server) and user


class ThreadNotFound(Exception):
    """Unknown, or somebody else's."""


@dataclass(slots=True)
class Thread:
    """Items are in the shape of the ChatKit protocol, oldest first."""

    id: str
    owner: Owner
    created_at: datetime
    title: str | None = None
    status: dict[str, str] = field(default_factory=lambda: {"type": "active"})
    items: list[dict[str, Any]] = field(default_factory=list)

    def new_item(self, kind: str, **values: Any) -> dict[str, Any]:
        """A new item, not yet stored."""
        item_id = f"{'cthi' if self.id.startswith('cthr') else 'msg'}_{secrets.token_hex(8)}"
        return {"id": item_id, "thread_id": self.id, "created_at": now().isoformat(), "type": kind, **values}


class Threads:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._threads: dict[str, Thread] = {}

    def __len__(self) -> int:
        return len(self._threads)

    def create(self, owner: Owner) -> Thread:
        thread = Thread(f"{self.prefix}_{secrets.token_hex(12)}", owner, now())
        self._threads[thread.id] = thread
        return thread

    def get(self, owner: Owner, thread_id: object) -> Thread:
        thread = self._threads.get(str(thread_id))
        if thread is None or thread.owner != owner:
            raise ThreadNotFound(thread_id)
        return thread

    def get_in_project(self, project: str, thread_id: str) -> Thread:
        thread = self._threads.get(thread_id)
        if thread is None or thread.owner[0] != project:
            raise ThreadNotFound(thread_id)
        return thread

    def of_owner(self, owner: Owner) -> list[Thread]:
        """Newest first."""
        return [thread for thread in reversed(self._threads.values()) if thread.owner == owner]

    def of_project(self, project: str) -> list[Thread]:
        """Newest first."""
        return [thread for thread in reversed(self._threads.values()) if thread.owner[0] == project]

    def delete(self, thread: Thread) -> None:
        del self._threads[thread.id]


def now() -> datetime:
    """UTC without an offset, as the protocol's own servers write it."""
    return datetime.now(UTC).replace(tzinfo=None)
