"""The session call, as a visitor who comes back makes it, and as a new one does."""

from functools import partial

from tests.bench.arrivals import open_loop
from tests.bench.bench import DIRECT, FLOOR, PRODUCT, Bench, Rounds, added, interleaved, middle, ratio
from tests.bench.client import Sample, closed_loop, request
from tests.bench.floor import SESSION
from tests.bench.report import Result, Table, at_least, at_most
from tests.bench.stub import SESSION_PATH, SESSION_SECONDS
from tests.bench.visitors import make_visitors

CONCURRENT = (1, 16, 64, 256)
NEW_CONCURRENT = 64
ARRIVALS = 200  # a second
THROUGHPUT = {64: 0.92, 256: 0.65}  # goals, as a part of the direct throughput
_HEAD = ("concurrent", "variant", "req/s", "× direct", "p50 ms", "p99 ms", "CPU µs", "× floor")
_BODY = b'{"user":"visitor","workflow":{"id":"wf_bench"}}'
_DIRECT = request("POST", SESSION_PATH, {"Authorization": "Bearer sk-bench"}, _BODY)
_FLOOR = request("POST", SESSION, {}, _BODY)


async def measure_sessions(bench: Bench) -> Result:
    table, goals = Table("Session call, 150 ms upstream", _HEAD), []
    visitors = await make_visitors(bench.product, bench.site, "chatkit", max(CONCURRENT))
    for number in CONCURRENT:
        rounds = await _measure(bench, number, [visitor.session() for visitor in visitors[:number]])
        table.rows.extend(_row(str(number), variant, rounds) for variant in rounds)
        if number in THROUGHPUT:
            at = f"session call, {number} concurrent:"
            product, direct = rounds[PRODUCT], rounds[DIRECT]
            goals += [
                at_least(f"{at} throughput", THROUGHPUT[number], ratio(product, direct, "rate"), " × direct"),
                at_most(f"{at} CPU", 3, ratio(product, rounds[FLOOR], "cpu"), " × floor"),
            ]
        if number == max(CONCURRENT):
            undisturbed = ratio(rounds[FLOOR], direct, "rate")
            goals.append(at_least(f"the machine had time: floor, {number} concurrent", 0.9, undisturbed, " × direct"))
        if number == 64:
            goals.append(at_most(f"{at} added p50", 8, added(product, direct, "p50"), " ms"))
    return Result([table], goals)


async def measure_new_visitors(bench: Bench) -> Result:
    """Each call starts a session: quota counters and a row, before the upstream is asked."""
    visitors = await make_visitors(bench.product, bench.site, "chatkit", NEW_CONCURRENT)
    rounds = await _measure(bench, NEW_CONCURRENT, [visitor.anew().session() for visitor in visitors])
    rows = [_row(str(NEW_CONCURRENT), variant, rounds) for variant in rounds]
    return Result([Table("First session call of a new visitor", _HEAD, rows)], [])


async def measure_arrivals(bench: Bench) -> Result:
    """The same call where visitors come independently of each other."""
    visitors = await make_visitors(bench.product, bench.site, "chatkit", max(CONCURRENT))
    number, timed = len(visitors), partial(open_loop, rate=ARRIVALS, seconds=bench.seconds)
    rounds = await interleaved(
        bench.rounds,
        {
            DIRECT: lambda: timed(bench.stub, [_DIRECT] * number),
            FLOOR: lambda: timed(bench.floor, [_FLOOR] * number),
            PRODUCT: lambda: timed(bench.product, [visitor.session() for visitor in visitors]),
        },
    )
    rows = [_row(f"{ARRIVALS}/s", variant, rounds) for variant in rounds]
    return Result([Table(f"Session call, {ARRIVALS} arrivals/s (Poisson)", ("arrivals", *_HEAD[1:]), rows)], [])


async def _measure(bench: Bench, number: int, requests: list[bytes]) -> Rounds[Sample]:
    timed = partial(closed_loop, seconds=bench.seconds, spread=SESSION_SECONDS)
    return await interleaved(
        bench.rounds,
        {
            DIRECT: lambda: timed(bench.stub, [_DIRECT] * number),
            FLOOR: lambda: timed(bench.floor, [_FLOOR] * number),
            PRODUCT: lambda: timed(bench.product, requests),
        },
    )


def _row(concurrent: str, variant: str, rounds: Rounds[Sample]) -> tuple[str, ...]:
    samples = rounds[variant]
    return (
        concurrent,
        variant,
        f"{middle(samples, 'rate'):,.0f}",
        f"{ratio(samples, rounds[DIRECT], 'rate'):.2f}",
        f"{middle(samples, 'p50'):.1f}",
        f"{middle(samples, 'p99'):.1f}",
        "–" if variant == DIRECT else f"{middle(samples, 'cpu'):,.0f}",
        "–" if variant == DIRECT else f"{ratio(samples, rounds[FLOOR], 'cpu'):.2f}",
    )
