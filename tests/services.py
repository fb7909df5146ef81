"""PostgreSQL and Redis for one test run: started on free ports, in a temporary folder, and stopped by their own pid."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 10
# The data dies with the run, so nothing waits for the disk.
POSTGRES_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",  # of each process that tests: 32 threads, and the pools of its products
    "shared_buffers": "64MB",
}


class Missing(Exception):
    """A program is not installed."""


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh cluster; gives its DATABASE_URL. Raises Missing, or RuntimeError when it does not come up."""
    programs = postgres_programs()
    if programs is None:
        raise Missing("PostgreSQL (initdb, postgres)")
    user = _server_user()
    with _folder(user) as folder:
        data = folder / "data"
        common = ["--auth=trust", "--username=chatdock", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        _checked([str(programs / "initdb"), "--pgdata", str(data), *common], folder, user)
        port = free_port()
        options = [f"-c{name}={value}" for name, value in POSTGRES_OPTIONS.items()]
        place = ["-D", str(data), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
        with _running([str(programs / "postgres"), *place, *options], folder, port, user, stop=signal.SIGINT):
            yield f"postgres://chatdock@127.0.0.1:{port}/chatdock"


@contextmanager
def redis() -> Iterator[str]:
    """A Redis without persistence; gives its REDIS_URL, without a database number. Raises Missing or RuntimeError."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("redis-server")
    with _folder(None) as folder:
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
        with _running([program, *options], folder, port, None, stop=signal.SIGTERM):
            yield f"redis://127.0.0.1:{port}"


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres. Debian keeps them off the PATH, one folder per version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def free_port() -> int:
    """Below those that the system gives away by itself: until somebody listens there, nobody else is given it."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            port = 20_000 + secrets.randbelow(12_000)  # not `random`, whose numbers are the same in each process
            probe.bind(("127.0.0.1", port))
            return port


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", seconds: float = START_SECONDS) -> None:
    """Raises RuntimeError when the process ends or does not listen in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"ended with exit code {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"does not listen on port {port} after {seconds:g} s")


def stop_process(process: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM) -> None:
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as the user its package made."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise Missing("the user `postgres` (PostgreSQL does not run as root)") from error


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    # Below /tmp: others than root must reach it, and a socket's path must stay short.
    folder = Path(tempfile.mkdtemp(prefix="chatdock-test-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _checked(argv: list[str], folder: Path, user: str | None) -> None:
    done = subprocess.run(argv, check=False, cwd=folder, user=user, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{Path(argv[0]).name} failed: {done.stderr.strip()}")


@contextmanager
def _running(argv: list[str], folder: Path, port: int, user: str | None, *, stop: signal.Signals) -> Iterator[None]:
    name = Path(argv[0]).name
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        # A session of its own: Ctrl-C ends the tests first, then us, then this.
        process = subprocess.Popen(
            argv, cwd=folder, user=user, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        try:
            wait_for_port(port, process)
        except RuntimeError as error:
            raise RuntimeError(f"{name} {error}:\n{log.read_text(errors='replace')}") from None
        yield
    finally:
        stop_process(process, stop)
