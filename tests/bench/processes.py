"""The processes that are measured, each on 127.0.0.1 and stopped by its pid, and the database they use."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from config.keys import fresh
from tests.services import START_SECONDS, free_port, stop_process, wait_for_port

ROOT = Path(__file__).resolve().parent.parent.parent
DASHBOARD_URL, EMBED_URL = "https://app.example.com", "https://chat.example.com"
GENEROUS = str(10_000_000)  # a minute; a limit all the same, so that it is counted


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds, user and system, of all threads: what /proc/<pid>/stat has, without its ticks of 10 ms."""
        # The clock of another process, as clock_getcpuclockid(3) makes it.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def memory(self) -> float:
        """Resident megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def stop(self) -> None:
        """A normal shutdown."""
        stop_process(self.process)


@contextmanager
def running(name: str, folder: Path, module: str, *argv: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """`python -m module argv --port PORT` until the end of the block.

    Raises RuntimeError with the log if it does not start.
    """
    log, port = folder / f"{name}.log", free_port()
    command = [sys.executable, "-m", module, *argv, "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        try:
            wait_for_port(port, process)
        except RuntimeError as error:
            raise RuntimeError(f"{name} {error}:\n{log.read_text(errors='replace')}") from None
        yield Server(port, process, log)
    finally:
        stop_process(process)


def production(folder: Path, *, database: str, redis: str, stub: int) -> dict[str, str]:
    """The environment of a production start behind a proxy, with the stub in the upstreams' place."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        kept
        | fresh()
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DASHBOARD_URL": DASHBOARD_URL,
            "EMBED_URL": EMBED_URL,
            "ALLOWED_HOSTS": "app.example.com,chat.example.com",
            "TRUSTED_PROXIES": "1",
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "VAR_DIR": str(folder),
            "OPENAI_BASE_URL": f"http://127.0.0.1:{stub}/v1",
            "OUTBOUND_ALLOW": f"127.0.0.1:{stub}",
            "MFA_REQUIRED": "false",  # the sellers' pages are measured by people without a second factor
        }
        | {f"RATE_{name}": GENEROUS for name in ("VISITOR", "IP", "WIDGET", "LICENSE", "EVENTS")}
    )


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    server: str  # URL of the same server's own database, from where the other can be watched and dropped

    @property
    def name(self) -> str:
        return urlsplit(self.url).path[1:]

    def transactions(self) -> int:
        """Since the start. PostgreSQL brings its statistics up to date within a second."""
        with psycopg.connect(self.server) as connection:
            row = connection.execute(
                "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s", [self.name]
            ).fetchone()
        return int(row[0])

    def events(self) -> int:
        """All that analytics have counted."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT coalesce(sum(count), 0) FROM analytics_dailyeventcount").fetchone()
        return int(row[0])


@contextmanager
def database(server: str) -> Iterator[Database]:
    """A database of our own on the server of this DATABASE_URL; dropped at the end."""
    parts = urlsplit(server)
    name = f"chatdock_bench_{secrets.token_hex(4)}"
    main = parts._replace(path="/postgres").geturl()
    with _connect_in_time(main) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield Database(parts._replace(path=f"/{name}").geturl(), main)
    finally:
        with psycopg.connect(main, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connect_in_time(url: str) -> "psycopg.Connection":
    """A server that has just been started listens a little before it lets anyone in."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
