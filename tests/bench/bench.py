"""What all measurements share: the servers, how long and how often."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from tests.bench.processes import Database, Server
from tests.bench.visitors import Site

T = TypeVar("T")
PRODUCT, FLOOR, DIRECT = "product", "floor", "direct"


@dataclass(frozen=True, slots=True)
class Bench:
    folder: Path  # for logs
    environment: Mapping[str, str]  # of a product
    database: Database
    site: Site
    stub: Server
    product: Server
    floor: Server
    rounds: int
    seconds: float  # that one measurement lasts


Rounds = Mapping[str, Sequence[T]]  # variant -> one sample per round


async def interleaved(rounds: int, variants: Mapping[str, Callable[[], Awaitable[T]]]) -> dict[str, list[T]]:
    """Measures all variants in every round, each time beginning with another, so that noise hits all of them."""
    found: dict[str, list[T]] = {name: [] for name in variants}
    names = list(variants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(await variants[name]())
    return found


def middle(samples: Sequence[T], figure: str) -> float:
    """The median over the rounds of a sample's field."""
    return median(getattr(sample, figure) for sample in samples)


def ratio(samples: Sequence[T], others: Sequence[T], figure: str) -> float:
    """The median of the ratios within a round."""
    return median(getattr(a, figure) / getattr(b, figure) for a, b in zip(samples, others, strict=True))


def added(samples: Sequence[T], others: Sequence[T], figure: str) -> float:
    """The median of the differences within a round."""
    return median(getattr(a, figure) - getattr(b, figure) for a, b in zip(samples, others, strict=True))
