"""Beacons of 20 events: what one event costs, and whether all that were accepted are there after a shutdown."""

import asyncio
from collections.abc import Sequence
from statistics import median

from tests.bench.bench import Bench
from tests.bench.client import Broken, Load, connect, finish
from tests.bench.report import Goal, Result, Table, at_most
from tests.bench.visitors import make_visitors

CONCURRENT = 16
PER_BEACON = 20
_DRAIN_SECONDS = 1.5  # the longest that a counted event waits for its batch, and then some


async def measure_events(bench: Bench) -> Result:
    """Ends the product: nothing can be measured after it."""
    requests = [visitor.beacon() for visitor in await make_visitors(bench.product, bench.site, "n8n", CONCURRENT)]
    costs, beacons = [], 0
    for _ in range(bench.rounds):
        cpu = bench.product.cpu()
        load = Load(status=204)
        connections = await connect(load, bench.product, requests)
        await asyncio.sleep(bench.seconds)
        await finish(load, connections)
        await asyncio.sleep(_DRAIN_SECONDS)
        beacons += len(load.seconds)
        costs.append((bench.product.cpu() - cpu) / (len(load.seconds) * PER_BEACON) * 1e6)
    answered, unanswered = await _end_under_load(bench, requests)
    accepted, counted = (beacons + answered) * PER_BEACON, bench.database.events()
    figure = f"{accepted:,} accepted, {counted:,} counted, {unanswered * PER_BEACON} sent without an answer"
    kept = accepted <= counted <= accepted + unanswered * PER_BEACON
    cost = median(costs)
    goals = [
        at_most("events: CPU of one", 60, cost, " µs"),
        Goal("events: lost in a shutdown under load", "0", figure, kept),
    ]
    rate = f"{beacons * PER_BEACON / (bench.seconds * bench.rounds):,.0f}"
    return Result([Table("Events, in beacons of 20", ("events/s", "CPU µs/event"), [(rate, f"{cost:.1f}")])], goals)


async def _end_under_load(bench: Bench, requests: Sequence[bytes]) -> tuple[int, int]:
    """SIGTERM amid beacons: how many were answered, and how many lost their connection before the answer."""
    load = Load(status=204)
    connections = await connect(load, bench.product, requests)
    await asyncio.sleep(bench.seconds)
    await asyncio.to_thread(bench.product.stop)
    await asyncio.wait_for(asyncio.gather(*(connection.closed for connection in connections)), 30)
    unanswered = load.wrong.pop(0, 0)
    if load.wrong:
        raise Broken(f"beacons answered by status: {dict(load.wrong)}")
    return len(load.seconds), unanswered
