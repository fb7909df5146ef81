"""The database as the public paths ask it: when it is away they hear so at once.

A pool waits for seconds before it gives up, and a few threads wait for everybody. So after one long wait in vain the
next is tried a while later, by one for all, and whoever stands in the queue is told without another wait.
"""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import ParamSpec, TypeVar

from django.db import Error, InterfaceError, OperationalError

from core.away import Away
from core.db import in_db

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 7.0  # seconds, above the pool's own patience: for a database that takes questions and answers none
QUICK = 0.5  # seconds: a failure sooner (a broken connection out of the pool) keeps nobody waiting
_OUTAGES = (InterfaceError, OperationalError)


class Unavailable(Exception):
    """The database is away, or not fit for this release."""


_away = Away("The database")


async def ask(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """`in_db` for a visitor who waits. Raises Unavailable."""
    try:
        async with asyncio.timeout(DEADLINE):
            return await in_db(_unless_away, function, *args, **kwargs)
    except TimeoutError as error:
        _away.failed(error)
        raise Unavailable from None
    except Error as error:
        log.warning("The database failed: %s", type(error).__name__, exc_info=not isinstance(error, _OUTAGES))
        raise Unavailable from error


def _unless_away(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    if not _away.may_try():
        raise Unavailable
    began = monotonic()
    try:
        result = function(*args, **kwargs)
    except _OUTAGES as error:
        if monotonic() - began > QUICK:
            _away.failed(error)
        raise
    _away.answered()
    return result
