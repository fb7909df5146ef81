"""`make bench`: measures the hot paths in some four minutes; `python -m tests.bench --quick` in one.

DATABASE_URL and REDIS_URL are used where given (in a database of our own); what is missing is started, and stopped
again. A goal that is missed is a figure, not a failure: the exit code says only whether there was something to measure.
"""

import argparse
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import uvloop

from tests import services
from tests.bench.bench import Bench
from tests.bench.client import Broken
from tests.bench.events import measure_events
from tests.bench.licences import measure_licences
from tests.bench.pages import fetch_loader, measure_frame, measure_loader
from tests.bench.processes import ROOT, database, production, running
from tests.bench.relay import measure_relay
from tests.bench.report import Goal, goals_table, text
from tests.bench.sessions import measure_arrivals, measure_new_visitors, measure_sessions
from tests.bench.sizes import measure_bytes, measure_memory
from tests.bench.visitors import Site

OPEN_FILES = 8192
MEASURES = (
    measure_bytes,
    measure_loader,
    measure_frame,
    measure_sessions,
    measure_arrivals,
    measure_new_visitors,
    measure_relay,
    measure_memory,
    measure_licences,
    measure_events,  # the last: it ends the product
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="one short round: for a look while something is built")
    quick = parser.parse_args().quick
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # lets the services stop
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(OPEN_FILES, hard)), hard))
    started = time.monotonic()
    try:
        with ExitStack() as stack:
            bench = start(stack, rounds=1 if quick else 3, seconds=0.5 if quick else 2.0)
            uvloop.run(measure(bench))
    except (services.Missing, Broken, RuntimeError, TimeoutError, subprocess.CalledProcessError) as error:
        print(f"make bench broke: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(f"{time.monotonic() - started:.0f} s; load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0


def start(stack: ExitStack, *, rounds: int, seconds: float) -> Bench:
    """Everything that is measured, until the stack ends. Raises Missing, RuntimeError, CalledProcessError."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatdock-bench-")))
    rows = stack.enter_context(database(os.environ.get("DATABASE_URL") or stack.enter_context(services.postgres())))
    redis = os.environ.get("REDIS_URL") or stack.enter_context(services.redis())
    stub = stack.enter_context(running("stub", folder, "tests.bench.stub", environment=os.environ))
    environment = production(folder, database=rows.url, redis=redis, stub=stub.port)
    site = _make_rows(stub.url, environment)
    product = stack.enter_context(running("product", folder, "config.web", environment=environment))
    loader = folder / "loader.br"
    loader.write_bytes(uvloop.run(fetch_loader(product, site)))
    floor = stack.enter_context(
        running("floor", folder, "tests.bench.floor", stub.url, str(loader), environment=os.environ)
    )
    return Bench(folder, environment, rows, site, stub, product, floor, rounds, seconds)


async def measure(bench: Bench) -> None:
    gc.disable()  # no pauses on this side
    goals: list[Goal] = []
    for measurement in MEASURES:
        result = await measurement(bench)
        goals += result.goals
        print(*map(text, result.tables), sep="\n", flush=True)
    print(text(goals_table(goals)))
    for line in bench.product.log.read_text().splitlines():
        if '"level": "INFO"' not in line:
            print(f"The product says: {line}")


def _make_rows(stub: str, environment: Mapping[str, str]) -> Site:
    argv = [sys.executable, "-m", "tests.bench.rows", stub]
    made = subprocess.run(argv, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return Site(**json.loads(made.stdout))


if __name__ == "__main__":
    sys.exit(main())
