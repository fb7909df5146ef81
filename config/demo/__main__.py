"""`make run`: prepares the database, starts every process of the product, and says where to click."""

import asyncio
import http.client
import json
import os
import signal
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

from config.demo import environment
from config.demo.supervisor import GaveUp, Service, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 60
PYTHON = sys.executable

Facts = dict[str, Any]


def main() -> int:
    os.chdir(ROOT)
    cast(TextIOWrapper, sys.stdout).reconfigure(line_buffering=True)  # also into a pipe or a file
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    try:
        ports = environment.choose_ports(os.environ)
    except environment.PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    os.environ.update(environment.embedded(ports, var))
    return asyncio.run(run(ports, var))


async def run(ports: environment.Ports, var: Path) -> int:
    """Until Ctrl-C (0) or until a process cannot be kept alive (1)."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    supervisor = Supervisor()
    work = asyncio.create_task(_start_and_watch(supervisor, ports, var))
    await asyncio.wait([work, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    print("\nStopping …")
    await supervisor.stop()
    if stop.is_set():
        work.cancel()
        return 0
    error = work.exception()
    if isinstance(error, GaveUp):
        print(error, "Its lines above say why.", file=sys.stderr)
    else:
        traceback.print_exception(error)
    return 1


async def _start_and_watch(supervisor: Supervisor, ports: environment.Ports, var: Path) -> None:
    print("Starting …")
    for service in web_services(ports):
        supervisor.start(service)
    # Meanwhile: the web process is ready when it finds every migration applied.
    facts = await asyncio.to_thread(prepare_data, var)
    await wait_until_ready(ports.web, "/readyz")
    await wait_until_ready(ports.site, "/")
    for service in celery_services():
        supervisor.start(service)
    print(box(facts, ports))
    await supervisor.wait()


def web_services(ports: environment.Ports) -> list[Service]:
    return [
        Service("web", [PYTHON, "-m", "config.web", "--port", str(ports.web), "--grace", "2"]),
        Service("stand-ins", [PYTHON, "-m", "tests.fakes", "--port", str(ports.standin)]),
        Service("demo site", [PYTHON, "-m", "config.demo.site"]),
    ]


def celery_services() -> list[Service]:
    celery = [PYTHON, "-m", "celery", "--app", "config", "--quiet"]
    # Who runs a demo as root knows it.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    worker = [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
    return [Service("worker", worker, quiet), Service("beat", [*celery, "beat"], quiet)]


def prepare_data(var: Path) -> Facts:
    """Brings the schema and the demo data up to date. The site reads its part from var/demo.json."""
    import django  # noqa: PLC0415  - reads the environment that main() sets

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from config.demo.seed import seed  # noqa: PLC0415

    settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns without it
    call_command("migrate", verbosity=0, interactive=False)
    facts: Facts = seed()
    (var / "demo.json").write_text(json.dumps(facts["site"], indent=2))
    return facts


async def wait_until_ready(port: int, path: str) -> None:
    """Raises GaveUp when there is no good answer in time."""
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if await asyncio.to_thread(_answers, port, path):
            return
        await asyncio.sleep(0.1)
    raise GaveUp(f"Nothing answers on port {port} after {READY_SECONDS} s.")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def box(facts: Facts, ports: environment.Ports) -> str:
    """What a newcomer needs next, in a frame."""
    lines = [
        "Chatdock is running.",
        "",
        f"Dashboard   http://localhost:{ports.web}",
        f"  log in    {facts['email']}",
        f"  password  {facts['password']}",
        *(f"  or as     {email}   ({what})" for email, what in facts["others"].items()),
        f"Demo shop   http://localhost:{ports.site}   (a customer's site with the widgets on it)",
        "Mails       are files in var/mail",
        "",
        "Stop        Ctrl-C            Start afresh   make demo-reset",
    ]
    width = max(map(len, lines)) + 2
    body = "\n".join(f"│ {line:<{width - 1}}│" for line in lines)
    return f"\n┌{'─' * width}┐\n{body}\n└{'─' * width}┘\n"


if __name__ == "__main__":
    sys.exit(main())
