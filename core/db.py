"""The way from async code to the database and back."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")


async def in_db(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs sync code that uses the ORM, and gives its connection back.

    One hop into a pool of DATABASE_THREADS threads, with the caller's context. A caller that is cancelled leaves, the
    code runs to its end. DATABASE_THREADS = 0 runs it in Django's own thread for sync code, connections untouched.
    """
    if not settings.DATABASE_THREADS:
        return await sync_to_async(function, thread_sensitive=True)(*args, **kwargs)
    work = partial(contextvars.copy_context().run, _run, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_threads(settings.DATABASE_THREADS), work)


def _run(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        _give_back()


def _give_back() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close()
        else:
            # Our threads outlive requests, so CONN_MAX_AGE does not apply: opening SQLite costs 50 queries.
            connection.close_at = None
            connection.close_if_unusable_or_obsolete()


@cache
def _threads(number: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(number, thread_name_prefix="database")
