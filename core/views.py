"""Probes for whoever runs the processes. They say what is wrong, not where it runs or in which version."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import redisclient
from core.crypto import UnsealError, seal, unseal
from core.http import json_response


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; for restarting it when it does not."""
    return json_response({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests may come in, else 503. Without Redis each process is on its own: degraded, still ready."""
    needed: dict[str, Callable[[], bool]] = {
        "database": _database_answers,
        "migrations": _is_migrated,
        "sealing": _seals_and_opens,
    }
    checks = {name: "ok" if works() else "failed" for name, works in needed.items()}
    ready = set(checks.values()) == {"ok"}
    checks["redis"] = _redis_state()
    status = "unready" if not ready else "degraded" if checks["redis"] == "degraded" else "ready"
    return json_response({"status": status, "checks": checks}, 200 if ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _is_migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _seals_and_opens() -> bool:
    try:
        return unseal(seal("canary", context="readyz"), context="readyz").reveal() == "canary"
    except (ImproperlyConfigured, UnsealError):
        return False


def _redis_state() -> str:
    if not settings.REDIS_URL:
        return "off"
    try:
        redisclient.sync_client().ping()
    except (*redisclient.FAILURES, ValueError):  # ValueError: the URL itself
        return "degraded"
    return "ok"
