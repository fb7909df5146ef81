"""What a call leaves behind: rows written, mail, tasks, calls to upstreams."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from celery.signals import before_task_publish
from django.core import mail
from django.db import connection

from tests.fakes.serve import Served

_WRITE = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
# Written for whoever asks, right or wrong: who is logged in, and when a token was last used.
_ANYBODYS = {"django_session", "accounts_apitoken", "usersessions_usersession"}


@dataclass
class Traces:
    writes: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)  # (SQL, parameters)
    tasks: list[str] = field(default_factory=list)
    mails: int = 0
    calls: int = 0

    def any(self) -> bool:
        return bool(self.writes or self.tasks or self.mails or self.calls)

    def name(self, keys: range, ids: Iterable[str]) -> bool:
        """Whether a write says one of these primary keys or public ids."""
        said = [value for _, values in self.writes for value in values]
        return any(keys.start <= value < keys.stop for value in said if isinstance(value, int)) or any(
            id in value for value in said if isinstance(value, str) for id in ids
        )


@contextmanager
def watched(upstreams: Served) -> Iterator[Traces]:
    traces = Traces()
    mails, calls = len(mail.outbox), len(upstreams.state.received)

    def note_sql(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in _ANYBODYS:
            traces.writes.append((sql, tuple(_flat(params))))
        return execute(sql, params, many, context)

    def note_task(sender: str, **_: Any) -> None:
        traces.tasks.append(sender)

    before_task_publish.connect(note_task)
    try:
        with connection.execute_wrapper(note_sql):
            yield traces
    finally:
        before_task_publish.disconnect(note_task)
        traces.mails = len(mail.outbox) - mails
        traces.calls = len(upstreams.state.received) - calls


def _flat(params: Any) -> Iterator[Any]:
    for value in params or ():
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield value
