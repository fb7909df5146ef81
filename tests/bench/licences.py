"""The sellers' pages over 10,000 licences."""

import asyncio
import json
import subprocess
import sys

from tests.bench.bench import Bench
from tests.bench.processes import ROOT
from tests.bench.report import Result, Table, at_most

_HEAD = ("page", "p50 ms", "longest ms", "queries", "large tables read whole")
MOST_MS = 150.0


async def measure_licences(bench: Bench) -> Result:
    """In a process of its own, on the same database: what a page takes without the web server around it."""
    argv = [sys.executable, "-m", "tests.bench.business", str(10 * bench.rounds)]
    made = await asyncio.to_thread(
        subprocess.run, argv, cwd=ROOT, env=bench.environment, check=True, stdout=subprocess.PIPE
    )
    pages = json.loads(made.stdout.splitlines()[-1])
    rows = [
        (p["what"], f"{p['p50']:.0f}", f"{p['most']:.0f}", str(p["queries"]), ", ".join(p["whole"]) or "–")
        for p in pages
    ]
    slowest = max(p["p50"] for p in pages)
    goals = [at_most("sellers’ pages over 10,000 licences: slowest p50", MOST_MS, slowest, " ms")]
    return Result([Table("Sellers’ pages over 10,000 licences", _HEAD, rows)], goals)
