"""When the database is away, visitors hear so at once, and one of them tries for all."""

from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError

from core import away
from core.away import PAUSE, Away
from embed import database
from embed.database import QUICK, Unavailable, ask


class Clock:
    now = 1000.0


class Database:
    """A function of the ORM: counts its calls; `error` is raised after `wait` seconds."""

    def __init__(self, clock: type[Clock]) -> None:
        self.clock, self.calls, self.error, self.wait = clock, 0, None, 0.0

    def __call__(self) -> int:
        self.calls += 1
        self.clock.now += self.wait
        if self.error:
            raise self.error
        return self.calls


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(Clock, "now", 1000.0)
    monkeypatch.setattr(database, "monotonic", lambda: Clock.now)
    monkeypatch.setattr(away, "monotonic", lambda: Clock.now)
    monkeypatch.setattr(database, "_away", Away("The database"))
    return Clock


@pytest.fixture
def orm(clock: type[Clock]) -> Database:
    return Database(clock)


async def refused(orm: Database) -> bool:
    try:
        await ask(orm)
    except Unavailable:
        return True
    return False


async def test_answer_passes(orm: Database) -> None:
    assert await ask(orm) == 1


async def test_long_wait_in_vain_is_not_repeated_for_everyone(orm: Database, clock: type[Clock]) -> None:
    orm.error, orm.wait = OperationalError(), 5.0

    assert [await refused(orm) for _ in range(3)] == [True] * 3
    assert orm.calls == 1


async def test_one_tries_for_all_after_a_pause(orm: Database, clock: type[Clock]) -> None:
    orm.error, orm.wait = OperationalError(), 5.0
    await refused(orm)

    clock.now += PAUSE
    assert await refused(orm)
    assert await refused(orm)
    assert orm.calls == 2


async def test_back_is_back_for_all(orm: Database, clock: type[Clock]) -> None:
    orm.error, orm.wait = OperationalError(), 5.0
    await refused(orm)
    orm.error, orm.wait = None, 0.0

    clock.now += PAUSE
    assert [await ask(orm) for _ in range(2)] == [2, 3]


async def test_broken_connection_out_of_the_pool_stops_nobody(orm: Database) -> None:
    orm.error, orm.wait = OperationalError(), QUICK
    await refused(orm)
    orm.error = None

    assert await ask(orm) == 2


@pytest.mark.parametrize("error", [ProgrammingError("no such column"), IntegrityError()])
async def test_fault_that_is_no_outage_is_logged_with_its_cause(
    orm: Database, clock: type[Clock], caplog: Any, error: Exception
) -> None:
    orm.error, orm.wait = error, 5.0

    assert await refused(orm)
    assert caplog.records[0].exc_info[1] is error
    orm.error = None
    assert await ask(orm) == 2
