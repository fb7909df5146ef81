"""What all tests share: which tests may run here, a clean process for each, and one Chromium."""

import os
import time
from collections.abc import Iterator
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING

import hypothesis
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache as django_cache
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.test import Client, TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from accounts import brands
from analytics import counting, incidents, origins
from chatkit_sessions import openai, records
from core import caller, ratelimit, redisclient
from core.away import Away
from core.breaker import Breaker
from embed import snapshots
from tests.browser import chromium_program, headless_program, launch_arguments
from tests.fakes import serve
from tests.fakes.state import State
from tests.services import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from accounts.models import User

# A busy machine needs longer than a visitor waits, and what goes on without Redis counts otherwise than with it.
redisclient._PATIENCE.update(dict.fromkeys(redisclient._PATIENCE, 5.0))

hypothesis.settings.register_profile(
    "busy machine",
    hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("busy machine")

FULL = bool(os.environ.get("CI") or os.environ.get("CHATDOCK_FULL"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): all tests of a group run in one process")
    if settings.REDIS_URL:
        _own_redis_database(getattr(config, "workerinput", {}).get("workerid", "gw0"))


def _own_redis_database(worker: str) -> None:
    """Processes that test at the same time clear their data without touching the others'."""
    server = "/".join(settings.REDIS_URL.split("/")[:3])
    settings.REDIS_URL = f"{server}/{int(worker.removeprefix('gw')) + 1}"
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL


def pytest_itemcollected(item: pytest.Item) -> None:
    fixtures = set(getattr(item, "fixturenames", ()))
    if "chromium" in fixtures:
        item.add_marker("browser")
    if item.get_closest_marker("django_db") or not fixtures.isdisjoint(("db", "transactional_db", "django_db_setup")):
        item.add_marker("database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: once Playwright runs, its event loop occupies this thread for good."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose service is missing is skipped; in a full run that is a failure."""
    _forget_the_last_test()
    present = {
        "browser": chromium_program() is not None,
        "postgres": connections["default"].vendor == "postgresql",
        "redis": bool(settings.REDIS_URL),
    }
    for name, is_there in present.items():
        if item.get_closest_marker(name) and not is_there:
            (pytest.fail if FULL else pytest.skip)(f"needs {name}")


def _log_in_just_now(client: Client, user: "User", backend: str | None = None) -> None:
    """`force_login` stands for somebody who has just typed their password."""
    _force_login(client, user, backend)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


_force_login = Client.force_login
Client.force_login = _log_in_just_now  # type: ignore[method-assign]


def _forget_the_last_test() -> None:
    """Nothing that one test left in this process or in Redis reaches the next, nor what its module shares."""
    django_cache.clear()
    caller.set_caller({})
    snapshots.cache.clear()
    for writer in (counting.writer, incidents.writer, records.writer, origins.refusals, origins.loads):
        writer._items.clear()


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server knows that has just started."""
    # As a server that has just read them: nobody has a brand. For the whole test, also on a slow machine.
    monkeypatch.setattr(brands.kept, "directory", brands.Directory())
    monkeypatch.setattr(brands.kept, "read_at", monotonic() + 3600)
    monkeypatch.setattr(openai, "breaker", Breaker())
    monkeypatch.setattr(ratelimit, "_here", ratelimit.LocalLimiter())
    monkeypatch.setattr(ratelimit, "_away", Away("Redis"))


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    """After a test whose writes were committed. Django's flush truncates, and makes every content type and permission
    anew: 180 ms against 6."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty_tables())
        yield


def _empty_tables() -> None:
    """A product process may still be at its last writes for the test; what refers to nothing then fails on one side."""
    for last_try in (False, False, False, False, True):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":  # which else keeps the audit log
                    cursor.execute("SET LOCAL chatdock.audit_retention = 'on'")
                for table in _filled_tables():
                    cursor.execute(f'DELETE FROM "{table}"')
        except (IntegrityError, OperationalError):
            if last_try:
                raise
            time.sleep(0.2)
        else:
            return


@cache
def _filled_tables() -> list[str]:
    made_by_migrate = {ContentType._meta.db_table, Permission._meta.db_table}
    return sorted(set(connection.introspection.django_table_names(only_existing=True)) - made_by_migrate)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """A browser talks to a server process, and SQLite in memory cannot be shared with one."""
    database = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite" and any(map(_uses_server, request.session.items)):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database["TEST"]["NAME"] = str(settings.VAR_DIR / f"test-{worker}.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL does not drop a database that anybody still uses, such as a thread that ran sync code for async."""
    yield
    if connections["default"].vendor == "postgresql":
        with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def _uses_server(item: pytest.Item) -> bool:
    return not {"_product", "_secure_product"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def _standins() -> Iterator[serve.Served]:
    with serve.served() as standins:
        yield standins


@pytest.fixture
def standins(_standins: serve.Served) -> serve.Served:
    """The stand-ins for OpenAI, n8n and a ChatKit server; `standins.state` says what came in and what goes wrong."""
    state, fresh = _standins.state, State()
    state.reset()
    state.token_pause, state.slow_pause = fresh.token_pause, fresh.slow_pause
    return _standins


@pytest.fixture(scope="session")
def browser_ports() -> dict[str, int]:
    """Where the hosts of the browser lead, see tests.browser.launch_arguments. Chosen before anything listens there."""
    return {name: free_port() for name in ("product_port", "site_port", "plain_site_port")}


@pytest.fixture(scope="session")
def chromium(browser_ports: dict[str, int]) -> Iterator["Browser"]:
    """Use `chromium.new_context()` in each test, or the fixture `context`."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415  - loads slowly

    # Django looks for a running event loop; Playwright's runs in this thread, and the ORM does not disturb it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=15_000)  # a busy machine is slow, and that is not what is tested
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=headless_program(), args=launch_arguments(**browser_ports))
        yield browser
        browser.close()
