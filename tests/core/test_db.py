import asyncio
import threading
from contextvars import ContextVar
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from core import db
from core.db import in_db

NAME = ContextVar("name")


@pytest.fixture(autouse=True)
def _own_threads():
    """A thread that keeps a connection would show it to a test that may not have one."""
    db._threads.cache_clear()
    yield
    db._threads.cache_clear()


def select_one():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()


def close():
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [0, 2])
async def test_in_db_gives_the_result(settings, threads):
    settings.DATABASE_THREADS = threads

    assert await in_db(select_one) == (1,)
    await in_db(close)  # without threads of ours nobody else does


async def test_in_db_passes_arguments_and_exceptions(settings):
    settings.DATABASE_THREADS = 2

    assert await in_db(int, "ff", base=16) == 255
    with pytest.raises(ValueError, match="invalid literal"):
        await in_db(int, "x")


@pytest.mark.parametrize("threads", [0, 2])
async def test_in_db_leaves_the_loops_thread_and_keeps_the_context(settings, threads):
    settings.DATABASE_THREADS = threads
    NAME.set("alice")

    name, thread = await in_db(lambda: (NAME.get(), threading.get_ident()))

    assert name == "alice"
    assert thread != threading.get_ident()


async def test_in_db_runs_as_many_at_once_as_there_are_threads(settings):
    settings.DATABASE_THREADS = 3
    together = threading.Barrier(3)

    places = await asyncio.gather(*(in_db(together.wait, 5) for _ in range(3)))

    assert sorted(places) == [0, 1, 2]


async def test_in_db_finishes_the_work_of_a_caller_that_leaves(settings):
    settings.DATABASE_THREADS = 2
    started, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def work():
        started.set()
        go_on.wait(5)
        done.set()

    task = asyncio.create_task(in_db(work))
    await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()

    assert await asyncio.to_thread(done.wait, 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("options", "kept"), [({}, True), ({"pool": True}, False)])
async def test_thread_keeps_a_connection_unless_there_is_a_pool(settings, monkeypatch, tmp_path, options, kept):
    """With SQLite in a file: one in memory ignores `close()`."""
    settings.DATABASE_THREADS = 1
    opened = []
    monkeypatch.setattr(db, "connections", SimpleNamespace(all=lambda initialized_only: opened))

    def use():
        file = {
            **connection.settings_dict,
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": tmp_path / "x",
            "OPTIONS": {},
        }
        opened.append(DatabaseWrapper(file))
        opened[0].ensure_connection()
        file["OPTIONS"] = options

    await in_db(use)

    assert await in_db(lambda: opened[0].connection is not None) is kept
    await in_db(opened[0].close)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
async def test_connections_go_back_to_the_pool(settings):
    settings.DATABASE_THREADS = 4
    together = threading.Barrier(4)

    def look():
        together.wait(5)
        return connection.connection

    await asyncio.gather(*(in_db(select_one) for _ in range(40)))

    assert await asyncio.gather(*(in_db(look) for _ in range(4))) == [None] * 4
