"""How many slow things one key may have under way at once, in this process."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from core import metrics

_under_way: Counter[metrics.Labels] = Counter()
metrics.gauge("chatdock_relay_streams_open", "Answers that are being passed on.", "upstream")(lambda: _under_way)


class Slots:
    """One per kind of upstream: a tenant whose own server never answers must not take every connection there is.

    Ask `full` before, hold a `place` during; what starts between the two may go over by a few, which does no harm.
    """

    def __init__(self, kind: str, most: int) -> None:
        self._kind = kind
        self._most = most
        self._taken: Counter[Hashable] = Counter()

    def full(self, key: Hashable) -> bool:
        return self._taken[key] >= self._most

    @contextmanager
    def place(self, key: Hashable) -> Iterator[None]:
        self._taken[key] += 1
        _under_way[self._kind,] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            _under_way[self._kind,] -= 1
            if not self._taken[key]:
                del self._taken[key]
