"""What a page has to load and what a worker holds in memory."""

import asyncio
import re
from collections.abc import Sequence

from tests.bench.bench import Bench
from tests.bench.processes import Server, running
from tests.bench.report import Result, Table
from tests.bench.streams import Streams, open_stream
from tests.bench.visitors import FRAME_HEADERS, fetch, make_visitors, open_client

ENCODINGS = ("identity", "gzip", "br")
STREAMS, VISITORS = 1000, 50
_STAGE2 = re.compile(rb"/embed/loader\.\w+\.js")
_ASSET = re.compile(rb'(?:src|href)="(/embed/[^"]+)"')


async def measure_bytes(bench: Bench) -> Result:
    """As sent by the web process for each Accept-Encoding; ChatKit's own script is OpenAI's and not counted."""
    columns = [await _bytes(bench, encoding) for encoding in ENCODINGS]
    rows = [(what, *(f"{column[what]:,}" for column in columns)) for what in columns[0]]
    return Result([Table("Bytes", ("what", "raw", "gzip", "br"), rows)], [])


async def _bytes(bench: Bench, encoding: str) -> dict[str, int]:
    headers = {**FRAME_HEADERS, "Accept-Encoding": encoding}
    async with open_client(bench.product) as client:

        async def size(path: str) -> int:
            return len((await fetch(client, path, headers))[0])

        plain, _ = await fetch(client, bench.site.loader, {"Accept-Encoding": "identity"})
        found = {"loader, stage 1": await size(bench.site.loader)}
        found["loader, stage 2"] = await size(_STAGE2.search(plain)[0].decode())
        for widget in ("n8n", "chatkit"):
            page, _ = await fetch(client, bench.site.frame(widget), headers)
            found[f"{widget} frame: page"] = len(page)
            found[f"{widget} frame: scripts and styles"] = sum(
                [await size(path.decode()) for path in _ASSET.findall(page)]
            )
    return found


async def measure_memory(bench: Bench) -> Result:
    """Of one worker: fresh, with 1,000 streams open, and of the one that bore all the load so far."""
    with running("fresh", bench.folder, "config.web", environment=bench.environment) as fresh:
        visitors = await make_visitors(fresh, bench.site, "slow", VISITORS)
        idle = fresh.memory()
        await _open_streams(fresh, [visitor.message() for visitor in visitors] * (STREAMS // VISITORS))
        open_ = fresh.memory()
    rows = [
        ("after its first visitors", f"{idle:.0f}"),
        ("1,000 open streams more", f"+{open_ - idle:.0f}"),
        ("after the whole load", f"{bench.product.memory():.0f}"),
    ]
    return Result([Table("Memory of a web process", ("when", "MB resident"), rows)], [])


async def _open_streams(product: Server, requests: Sequence[bytes]) -> None:
    """Returns when all of them have brought their first piece."""
    streams = Streams()
    connections = await asyncio.gather(*(open_stream(streams, product, request) for request in requests))
    await asyncio.wait_for(asyncio.gather(*(connection.begun for connection in connections)), 60)
