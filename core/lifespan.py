"""What a web process does when it starts and when it ends. The lane runs it, as ASGI's lifespan protocol says."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

logger = logging.getLogger(__name__)

Hook = TypeVar("Hook", bound=Callable[[], Awaitable[None]])

_startup: list[Callable[[], Awaitable[None]]] = []
_shutdown: list[Callable[[], Awaitable[None]]] = []


def on_startup(hook: Hook) -> Hook:
    _startup.append(hook)
    return hook


def on_shutdown(hook: Hook) -> Hook:
    """Hooks end in the reverse order: what was built last and stands on the rest goes first."""
    _shutdown.append(hook)
    return hook


async def startup() -> None:
    """Runs the hooks in order. One that raises stops the start."""
    for hook in _startup:
        await hook()


async def shutdown() -> None:
    """Runs every hook, also after one that failed: the others still have something to save."""
    for hook in reversed(_shutdown):
        try:
            await hook()
        except Exception:
            logger.exception("A shutdown hook failed")
