"""Starts child processes, writes their lines under a name, starts again what dies, and ends all of them together."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

GRACE_SECONDS = 2.5  # between "please end" and "end"; Celery, when idle, takes longer than anybody wants to wait
STEADY_SECONDS = 30.0  # a child that ran so long has recovered
MAX_FAILURES = 5
MAX_LINE = 1 << 20

_COLOURS = (36, 35, 33, 32, 34)


class GaveUp(Exception):
    """A child kept dying."""


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)  # on top of ours


class Supervisor:
    def __init__(self, write: Callable[[str], None] = print, *, first_delay: float = 1.0) -> None:
        self.write = write
        self.first_delay = first_delay
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()

    def start(self, service: Service) -> None:
        self._keepers[service.name] = asyncio.create_task(self._keep(service))

    async def wait(self) -> None:
        """Until a child is given up (raises GaveUp)."""
        await asyncio.gather(*self._keepers.values())

    async def stop(self) -> None:
        """SIGTERM to every child's process group, then SIGKILL to what is left after the grace."""
        self._stopping.set()
        self._signal(signal.SIGTERM)
        if self._keepers:
            await asyncio.wait(self._keepers.values(), timeout=GRACE_SECONDS)
        self._signal(signal.SIGKILL)
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)

    def _signal(self, number: signal.Signals) -> None:
        for child in self._children.values():
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, number)

    async def _keep(self, service: Service) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run(service)
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - started > STEADY_SECONDS else failures + 1
            if failures == MAX_FAILURES:
                raise GaveUp(f"{service.name} ended {failures} times in a row (last exit code {code}).")
            delay = self.first_delay * 2 ** (failures - 1)
            self.write(f"{service.name} ended with exit code {code}; starting it again in {delay:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)

    async def _run(self, service: Service) -> int:
        # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
        child = await asyncio.create_subprocess_exec(
            *service.argv,
            env={**os.environ, **service.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=MAX_LINE,
            start_new_session=True,
        )
        self._children[service.name] = child
        if self._stopping.is_set():  # asked to stop while this one was being born
            child.kill()
        prefix = self._prefix(service.name)
        async for line in cast(asyncio.StreamReader, child.stdout):
            self.write(prefix + line.decode(errors="replace").rstrip())
        return await child.wait()

    def _prefix(self, name: str) -> str:
        label = f"{name:<9}| "
        if not sys.stdout.isatty():
            return label
        colour = _COLOURS[list(self._keepers).index(name) % len(_COLOURS)]
        return f"\x1b[{colour}m{label}\x1b[0m"
