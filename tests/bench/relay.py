"""Streamed answers: 50 pieces, 20 ms apart, through the n8n relay."""

from functools import partial

from tests.bench.bench import DIRECT, FLOOR, PRODUCT, Bench, Rounds, added, interleaved, middle, ratio
from tests.bench.client import request
from tests.bench.report import Result, Table, at_most
from tests.bench.streams import StreamSample, stream_loop
from tests.bench.stub import PACE, PIECES, stream_path
from tests.bench.visitors import make_visitors

CONCURRENT = 64
_HEAD = ("start", "variant", "first piece p50 ms", "p99", "held p50 ms", "p99", "max", "CPU ms/stream", "× floor")
_BODY = b'{"action":"sendMessage","sessionId":"0","chatInput":"When will my order arrive?"}'


async def measure_relay(bench: Bench) -> Result:
    """Visitors come independently of each other; then, as the worst case, all in the same millisecond."""
    turns = 2 if bench.rounds > 1 else 1
    spread = await _measure(bench, turns=turns, spread=PIECES * PACE / 1000)
    burst = await _measure(bench, turns=1, spread=0.0)
    rows = [_row(start, name, rounds) for start, rounds in (("spread", spread), ("at once", burst)) for name in rounds]
    product, direct = spread[PRODUCT], spread[DIRECT]
    goals = [
        at_most("relay, 64 streams: added time of the first piece, p50", 5, added(product, direct, "first_p50"), " ms"),
        at_most("relay, 64 streams: a piece is held back, p99", 5, middle(product, "held_p99"), " ms"),
        at_most("relay, 64 streams: a piece is held back, max", 5, middle(product, "held_max"), " ms"),
        at_most("relay, 64 streams: CPU", 3, ratio(product, spread[FLOOR], "cpu"), " × floor"),
    ]
    return Result([Table("Relay of a stream of 50 pieces, 64 concurrent", _HEAD, rows)], goals)


async def _measure(bench: Bench, *, turns: int, spread: float) -> Rounds[StreamSample]:
    plain = [request("POST", stream_path(PACE), {}, _BODY)] * CONCURRENT
    product = [visitor.message() for visitor in await make_visitors(bench.product, bench.site, "n8n", CONCURRENT)]
    await stream_loop(bench.product, product, turns=1, spread=spread)  # connections to the database are made on demand
    timed = partial(stream_loop, turns=turns, spread=spread)
    return await interleaved(
        bench.rounds,
        {
            DIRECT: lambda: timed(bench.stub, plain),
            FLOOR: lambda: timed(bench.floor, plain),
            PRODUCT: lambda: timed(bench.product, product),
        },
    )


def _row(start: str, variant: str, rounds: Rounds[StreamSample]) -> tuple[str, ...]:
    samples = rounds[variant]
    times = ("first_p50", "first_p99", "held_p50", "held_p99", "held_max")
    return (
        start,
        variant,
        *(f"{middle(samples, name):.1f}" for name in times),
        "–" if variant == DIRECT else f"{middle(samples, 'cpu'):.2f}",
        "–" if variant == DIRECT else f"{ratio(samples, rounds[FLOOR], 'cpu'):.2f}",
    )
