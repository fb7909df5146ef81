"""Figures of this process, put into words when somebody asks: https://prometheus.io/docs/instrumenting/exposition_formats/

No client library: on the hot paths a figure is a number in a dictionary, and adding to it takes 0.2 µs. Names, help and
the values of labels are all our own, so nothing needs escaping.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

Labels = tuple[str, ...]
Sample = tuple[str, Labels, float]  # what follows the family's name, its labels' values, the figure

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 100.0)  # seconds


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    help: str
    kind: str
    labels: Labels
    read: Callable[[], Iterable[Sample]]


_families: dict[str, _Family] = {}


def counter(name: str, help: str, *labels: str) -> Counter[Labels]:
    """`counter[("a", "b")] += 1`, a value for each label; `()` where there is none."""
    values: Counter[Labels] = Counter()
    gauge(name, help, *labels, kind="counter")(lambda: values)
    return values


def gauge(
    name: str, help: str, *labels: str, kind: str = "gauge"
) -> Callable[[Callable[[], Mapping[Labels, float]]], None]:
    """Decorates the function that knows the figures now."""

    def register(read: Callable[[], Mapping[Labels, float]]) -> None:
        # list() at once: the event loop goes on counting while a thread writes this down.
        _families[name] = _Family(name, help, kind, labels, lambda: [("", *item) for item in list(read().items())])

    return register


class Histogram:
    """How long something took, by one label."""

    def __init__(self, name: str, help: str, label: str) -> None:
        self._counts: dict[str, list[int]] = {}
        self._sums: Counter[str] = Counter()
        _families[name] = _Family(name, help, "histogram", (label, "le"), self._read)

    def observe(self, label: str, seconds: float) -> None:
        counts = self._counts.get(label) or self._counts.setdefault(label, [0] * (len(BOUNDS) + 1))
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._sums[label] += seconds  # type: ignore[assignment]  # a Counter of floats

    def _read(self) -> Iterable[Sample]:
        for label, counts in list(self._counts.items()):
            totals = list(accumulate(counts))
            for bound, total in zip((*map(str, BOUNDS), "+Inf"), totals, strict=True):
                yield "_bucket", (label, bound), total
            yield "_sum", (label,), self._sums[label]
            yield "_count", (label,), totals[-1]


def render() -> str:
    return "".join(line for family in _families.values() for line in _lines(family))


def _lines(family: _Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    for suffix, values, figure in family.read():
        labels = ",".join(f'{name}="{value}"' for name, value in zip(family.labels, values, strict=False))
        yield f"{family.name}{suffix}{{{labels}}} {figure:g}\n" if labels else f"{family.name}{suffix} {figure:g}\n"
