"""Stops calling an upstream that keeps failing: its failures then answer at once, and it can recover."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

WINDOW = 30  # seconds in which calls are counted
FAILURES = 10  # in the window, and at least half of the calls: then it opens
PAUSE = 15  # seconds without calls
PROBES = 3  # calls after the pause; when all succeed it closes, one failure opens it again


@dataclass(slots=True)
class _State:
    used: float  # when an outcome was last recorded
    seconds: dict[int, list[int]] = field(default_factory=dict)  # second -> [failures, successes]
    until: float | None = None  # None: closed. In the future: open. In the past: probing, last probe then
    probes: int = 0  # left to hand out
    proved: int = 0  # succeeded


class Breaker:
    """One per process and kind of upstream, used from one event loop; keys are hosts or credentials.

    Only what tells about the upstream's health is a failure: a 401 or 422 is a healthy answer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states: dict[Hashable, _State] = {}
        self._swept = clock()

    def allows(self, key: Hashable) -> bool:
        """Whether to call now. Each True while probing is one probe."""
        state, now = self._states.get(key), self._clock()
        if state is None or state.until is None:
            return True
        if now < state.until:
            return False
        if not state.probes and now >= state.until + PAUSE:
            state.probes = PROBES  # cancelled probes never come back; they must not keep it shut for good
        if not state.probes:
            return False
        state.probes -= 1
        state.until = now
        return True

    def record(self, key: Hashable, ok: bool) -> None:
        now = self._clock()
        self._sweep(now)
        state = self._states.setdefault(key, _State(used=now))
        state.used = now
        if state.until is None:
            self._count(state, ok, now)
        elif now < state.until:
            pass  # began before it opened
        elif not ok:
            _open(state, now)
        else:
            state.proved += 1
            if state.proved == PROBES:
                del self._states[key]

    def _count(self, state: _State, ok: bool, now: float) -> None:
        state.seconds.setdefault(int(now), [0, 0])[ok] += 1
        if ok:
            return
        state.seconds = {second: counts for second, counts in state.seconds.items() if second > now - WINDOW}
        failures, successes = (sum(counts) for counts in zip(*state.seconds.values(), strict=True))
        if failures >= FAILURES and failures >= successes:
            _open(state, now)

    def _sweep(self, now: float) -> None:
        """Forgets keys that nobody uses any more: tenants come and go while a process lives on."""
        if now < self._swept + WINDOW:
            return
        self._swept = now
        self._states = {key: state for key, state in self._states.items() if state.used > now - 2 * WINDOW}


def _open(state: _State, now: float) -> None:
    state.seconds = {}
    state.until, state.probes, state.proved = now + PAUSE, PROBES, 0
