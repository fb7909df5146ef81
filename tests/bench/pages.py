"""The loader and the frame page, warm."""

import asyncio
from functools import partial

import redis

from tests.bench.bench import FLOOR, PRODUCT, Bench, Rounds, interleaved, middle, ratio
from tests.bench.client import Sample, closed_loop, request
from tests.bench.floor import ETAG, LOADER
from tests.bench.processes import Server
from tests.bench.report import Goal, Result, Table, at_most
from tests.bench.visitors import FRAME_HEADERS, Site, fetch, open_client

CONCURRENT = 16
_HEAD = ("what", "variant", "req/s", "p50 ms", "p99 ms", "CPU µs", "× floor")
_BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "X-Forwarded-For": "198.18.0.1", "X-Forwarded-Proto": "https"}
_STATISTICS_SECONDS = 1.5  # until PostgreSQL's are up to date


async def measure_loader(bench: Bench) -> Result:
    before = await _queries(bench)
    full, cached = await _loader(bench, 200), await _loader(bench, 304)
    queries, commands = (now - then for now, then in zip(await _queries(bench), before, strict=True))
    number = sum(sample.rate * bench.seconds for rounds in (full, cached) for sample in rounds[PRODUCT])
    rows = [
        _row(f"loader {status}", name, rounds) for status, rounds in ((200, full), (304, cached)) for name in rounds
    ]
    goals = [
        at_most("loader 200: CPU", 3, ratio(full[PRODUCT], full[FLOOR], "cpu"), " × floor"),
        at_most("loader 304: CPU", 1, middle(cached[PRODUCT], "cpu") / middle(full[PRODUCT], "cpu"), " × its 200"),
        Goal(
            "loader: queries",
            "0 per 1,000 requests",
            f"{queries} transactions, {commands} Redis commands in {number:,.0f} requests",
            # Not none: a snapshot is read anew every 30 s, and Redis is asked every 2 s whether it is there.
            round((queries + commands) / number * 1000) == 0,
        ),
    ]
    return Result([Table("Loader", _HEAD, rows)], goals)


async def measure_frame(bench: Bench) -> Result:
    frame = request("GET", bench.site.frame("n8n"), {**_BROWSER, **FRAME_HEADERS})
    samples = [
        await closed_loop(bench.product, [frame] * CONCURRENT, seconds=bench.seconds) for _ in range(bench.rounds)
    ]
    return Result([Table("Frame page", _HEAD, [_row("n8n frame", PRODUCT, {PRODUCT: samples})])], [])


async def fetch_loader(product: Server, site: Site) -> bytes:
    """As a browser gets it."""
    async with open_client(product) as client:
        return (await fetch(client, site.loader, _BROWSER))[0]


async def _loader(bench: Bench, status: int) -> Rounds[Sample]:
    async with open_client(bench.product) as client:
        _, answer = await fetch(client, bench.site.loader, _BROWSER)
    known = {FLOOR: {"If-None-Match": ETAG.decode()}, PRODUCT: {"If-None-Match": answer["ETag"]}}
    headers = {name: _BROWSER | (known[name] if status == 304 else {}) for name in known}
    timed = partial(closed_loop, seconds=bench.seconds, status=status)
    floor = [request("GET", LOADER, headers[FLOOR])] * CONCURRENT
    product = [request("GET", bench.site.loader, headers[PRODUCT])] * CONCURRENT
    return await interleaved(
        bench.rounds, {FLOOR: lambda: timed(bench.floor, floor), PRODUCT: lambda: timed(bench.product, product)}
    )


async def _queries(bench: Bench) -> tuple[int, int]:
    """Transactions of the database and commands of Redis so far."""
    await asyncio.sleep(_STATISTICS_SECONDS)
    with redis.Redis.from_url(bench.environment["REDIS_URL"]) as client:
        commands = sum(entry["calls"] for name, entry in client.info("commandstats").items() if name != "cmdstat_info")
    return bench.database.transactions(), commands


def _row(what: str, variant: str, rounds: Rounds[Sample]) -> tuple[str, ...]:
    samples = rounds[variant]
    return (
        what,
        variant,
        f"{middle(samples, 'rate'):,.0f}",
        f"{middle(samples, 'p50'):.1f}",
        f"{middle(samples, 'p99'):.1f}",
        f"{middle(samples, 'cpu'):,.0f}",
        f"{ratio(samples, rounds[FLOOR], 'cpu'):.2f}" if FLOOR in rounds else "–",
    )
