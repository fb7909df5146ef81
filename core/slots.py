"""How many slow things one key may have under way at once, in this process."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Slots:
    """One per kind of upstream: a tenant whose own server never answers must not take every connection there is.

    Ask `full` before, hold a `place` during; what starts between the two may go over by a few, which does no harm.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[Hashable] = Counter()

    def full(self, key: Hashable) -> bool:
        return self._taken[key] >= self._most

    @contextmanager
    def place(self, key: Hashable) -> Iterator[None]:
        self._taken[key] += 1
        try:
            yield
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
