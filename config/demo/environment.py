"""The environment of `make run`: ports, addresses, and secrets that are made once and stay in var/local.env."""

import errno
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import keys


class PortTaken(Exception):
    """Another program listens there. The text says which port and what to do."""


@dataclass(frozen=True, slots=True)
class Ports:
    web: int
    site: int
    standin: int


DEFAULTS = {"PORT": 8000, "DEMO_SITE_PORT": 8001, "STANDIN_PORT": 9001}
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def choose_ports(environ: Mapping[str, str]) -> Ports:
    """Raises PortTaken. Both loopback addresses count: browsers may take either for "localhost"."""
    chosen = {name: int(environ.get(name) or default) for name, default in DEFAULTS.items()}
    for name, port in chosen.items():
        if not all(_is_free(family, address, port) for family, address in LOOPBACK):
            raise PortTaken(
                f"Port {port} is taken. Stop the program that listens there (perhaps another `make run`), "
                f"or choose another port: make run {name}={port + 10}"
            )
    return Ports(*chosen.values())


def _is_free(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        probe = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return True  # no IPv6 on this machine, so nobody listens on it
    with probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE  # a container may know IPv6 and still have no ::1
    return True


def local_secrets(path: Path) -> dict[str, str]:
    """The secrets of this machine. Made on the first start, readable by their owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = keys.fresh() | {"DEMO_PASSWORD": secrets.token_urlsafe(9)}
        del fresh["POSTGRES_PASSWORD"], fresh["POSTGRES_APP_PASSWORD"]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in fresh.items())
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def embedded(ports: Ports, var: Path) -> dict[str, str]:
    """What the product reads. The database is named outright: the shell's DATABASE_URL may belong to something else."""
    return {
        "EMBEDDED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'chatdock.sqlite3'}",
        "REDIS_URL": "",
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "DASHBOARD_URL": f"http://localhost:{ports.web}",
        "EMBED_URL": f"http://127.0.0.1:{ports.web}",
        "OUTBOUND_ALLOW": f"127.0.0.1:{ports.standin},localhost:{ports.site}",
        "DEMO_UPSTREAM_URL": f"http://127.0.0.1:{ports.standin}",
        "DEMO_SITE_URL": f"http://localhost:{ports.site}",
        "DEMO_SITE_PORT": str(ports.site),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),  # one line per task would bury everything else
        "PYTHONUNBUFFERED": "1",
        **local_secrets(var / "local.env"),
    }
