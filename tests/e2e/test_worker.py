"""A real Celery worker with beat, on Redis and on the file-system broker of `make run`."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from chatkit_sessions import records
from chatkit_sessions.models import ChatKitSession
from licenses.services import revoke_license
from tests.build import make_license, make_organization, make_widget
from tests.e2e import server
from tests.fakes.serve import Served
from tests.frames import Frame
from tests.services import stop_process
from widgets.services import delete_widget

ROOT = Path(__file__).resolve().parent.parent.parent

Worker = Callable[[str], None]


@pytest.fixture
def worker(product: server.Product, standins: Served, tmp_path: Path) -> Iterator[Worker]:
    """Starts one with beat inside, on a broker; it takes the test's database."""
    processes = []

    def start(broker: str) -> None:
        environment = server.environment("http://localhost:8000", "http://127.0.0.1:8000", standins.url) | {
            "CELERY_BROKER_URL": broker,
            "VAR_DIR": str(tmp_path),
        }
        arguments = ["--app", "config", "worker", "--beat", "--pool", "solo", "--loglevel", "WARNING"]
        schedule = ["--schedule", str(tmp_path / "beat")]
        argv = [sys.executable, "-m", "celery", *arguments, *schedule]
        processes.append(subprocess.Popen(argv, cwd=ROOT, env=os.environ | environment))

    yield start
    for process in processes:
        stop_process(process, signal.SIGQUIT)  # at once: its warm end takes seconds


def wait_until(check: Callable[[], Any], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


@pytest.mark.parametrize("broker", ["filesystem://", pytest.param("redis", marks=pytest.mark.redis)])
def test_worker_cancels_sessions_of_a_revoked_licence_and_of_a_deleted_widget(
    client: Client, standins: Served, settings: Any, worker: Worker, broker: str
) -> None:
    settings.OPENAI_BASE_URL = f"{standins.url}/openai/v1"
    settings.DEMO_UPSTREAM_URL = ""
    widget, other = (make_widget(make_license(make_organization(name)), "chatkit") for name in ("Alice's", "Bob's"))
    for one in (widget, other):
        assert Frame(client, one).post("session", {}).status_code == 200
    asyncio.run(records.writer.drain())
    revoke_license(actor=None, license=widget.license, reason="test", now=timezone.now())
    delete_widget(actor=None, widget=other)

    worker(django_settings.REDIS_URL if broker == "redis" else broker)

    wait_until(lambda: not ChatKitSession.objects.filter(cancelled_at=None).exists())
    ours = ChatKitSession.objects.values_list("upstream_id", flat=True)
    assert [standins.state.sessions[name].answer["status"] for name in ours] == ["cancelled"] * 2
