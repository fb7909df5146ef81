"""`make test`: everything with PostgreSQL, Redis and Chromium; then all but the browser on SQLite, without Redis.

DATABASE_URL, REDIS_URL and CHROMIUM are used where given; what else is needed is installed, started, and stopped again.
Arguments go to both runs of pytest. With CI set, what fails is tried once more, alone: what a stalled machine brought
about is told and does not hold up a release, and what fails again does.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack

from tests import install, services

# One more than there are cores: a test with a browser waits half of its time. Each has a Redis database, and memory.
WORKERS = min((os.cpu_count() or 2) + 1, 8)
# In collection order, because tests with a browser come last (see conftest.py).
PYTEST = (sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder")

TESTS_FAILED = 1  # and nothing else went wrong, says pytest
AGAIN = ("-n", "0", "--last-failed", "--last-failed-no-failures", "none", "--maxfail", "3")

# What touches no database has been proved by the first run.
SQLITE = "database and not (browser or postgres or redis)"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # lets the services stop
    try:
        install.install_missing()
        with ExitStack() as running:
            return run_both(running)
    except services.Missing as missing:
        print(f"make test needs {missing}.", file=sys.stderr)
        return 1


def run_both(running: ExitStack) -> int:
    full = {
        "CHATDOCK_FULL": "1",
        "DATABASE_URL": os.environ.get("DATABASE_URL") or running.enter_context(services.postgres()),
        "REDIS_URL": os.environ.get("REDIS_URL") or running.enter_context(services.redis()),
    }
    first = run("PostgreSQL, Redis and Chromium", full)
    second = run("SQLite alone", {"DATABASE_URL": "", "REDIS_URL": ""}, "-m", SQLITE)
    return first or second


def run(title: str, environment: Mapping[str, str], *arguments: str) -> int:
    print(f"\n=== {title}", flush=True)
    mine = {name: value for name, value in os.environ.items() if name not in environment}
    given = {name: value for name, value in environment.items() if value}
    command = [*PYTEST, *arguments, *sys.argv[1:]]
    code = subprocess.run(command, check=False, env=mine | given).returncode
    if code == TESTS_FAILED and os.environ.get("CI"):
        print("\n=== What failed, once more and alone", flush=True)
        code = subprocess.run([*command, *AGAIN], check=False, env=mine | given).returncode
    return code


if __name__ == "__main__":
    sys.exit(main())
