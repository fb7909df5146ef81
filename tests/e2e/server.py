"""The real product in a process of its own, on the test's database and Redis, with the stand-ins as its upstreams."""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.db import connections

from tests.services import stop_process, wait_for_port

ROOT = Path(__file__).resolve().parent.parent.parent
# Milliseconds until the product, another process, knows of a change: Redis tells it; else only the time does.
HEARD = 1500 if settings.REDIS_URL else 5000
START_SECONDS = 90  # on a busy machine; a product that is given up takes all tests of its process along
METRICS_TOKEN = "a token for tests, long enough for a check"
GENEROUS = "100000"  # all tests of a run come from one address


@dataclass(frozen=True, slots=True)
class Product:
    """Addresses without a trailing slash, and where the process leaves its log and its mails."""

    dashboard: str
    embed: str
    standins: str
    log: Path
    mails: Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """Paths of PEM files."""

    chain: Path
    key: Path


@contextmanager
def product(
    *,
    port: int,
    dashboard: str,
    embed: str,
    standins: str,
    certificate: Certificate | None = None,
    changes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Product]:
    """Serves on 127.0.0.1:`port` until the end of the block. Raises RuntimeError with the log if it does not start.

    `changes`: to the environment of its process.
    """
    log, mails = (Path(settings.VAR_DIR) / name for name in (f"product-{port}.log", f"mails-{port}"))
    tls = ["--ssl-certfile", str(certificate.chain), "--ssl-keyfile", str(certificate.key)] if certificate else []
    argv = [sys.executable, "-m", "config.web", "--port", str(port), "--grace", "1", *tls]
    with log.open("wb") as output:
        variables = environment(dashboard, embed, standins) | {"EMAIL_URL": f"filemail:///{mails}"} | changes
        process = subprocess.Popen(argv, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
    try:
        try:
            wait_for_port(port, process, START_SECONDS)
            _wait_until_ready(port, certificate)
        except RuntimeError as error:
            raise RuntimeError(f"the product {error}:\n{log.read_text(errors='replace')}") from None
        yield Product(dashboard, embed, standins, log, mails)
    finally:
        stop_process(process)


def _wait_until_ready(port: int, certificate: Certificate | None) -> None:
    """What is slow once, such as the first connection to the database, no test's visitor waits for. Raises
    RuntimeError."""
    scheme = "https" if certificate else "http"
    trusting = ssl._create_unverified_context()
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{scheme}://127.0.0.1:{port}/readyz", timeout=START_SECONDS, context=trusting):
                return
        except HTTPError as refusal:
            refusal.close()
            time.sleep(0.2)
    raise RuntimeError("is not ready")


def environment(dashboard: str, embed: str, standins: str) -> dict[str, str]:
    """This process's environment, where tests.settings left the secrets, with what differs for a server."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DASHBOARD_URL": dashboard,
        "EMBED_URL": embed,
        "DATABASE_URL": database_url(connections["default"].settings_dict),
        "REDIS_URL": settings.REDIS_URL,
        "OUTBOUND_ALLOW": urlsplit(standins).netloc,
        "DEMO_UPSTREAM_URL": standins,
        "OPENAI_BASE_URL": f"{standins}/openai/v1",
        "CHATKIT_JS_URL": f"{standins}/cdn/chatkit.js",
        "RATE_VISITOR": GENEROUS,
        "RATE_IP": GENEROUS,
        "RATE_START": GENEROUS,
        "RATE_LOOKUP": GENEROUS,
        "METRICS_TOKEN": METRICS_TOKEN,
        "SIGNUP": "open",
        "LOG_FORMAT": "text",
    }


def database_url(database: dict[str, Any]) -> str:
    """The test database that is in use now, as a DATABASE_URL."""
    if "sqlite" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    user = quote(database["USER"]) + (f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else "")
    return f"postgres://{user}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
