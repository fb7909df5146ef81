import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.test.utils import override_settings

from core import views


def ask(view=views.readyz, method="get"):
    return view(getattr(RequestFactory(), method)("/"))


def checks(response):
    return json.loads(response.content)["checks"]


def test_healthz_touches_nothing():
    """No database is allowed in this test."""
    response = ask(views.healthz)
    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("view", [views.healthz, views.readyz])
def test_probes_need_no_login(view):
    assert view.login_required is False


@pytest.mark.parametrize("view", [views.healthz, views.readyz])
def test_probes_are_for_reading(view):
    assert ask(view, "post").status_code == 405


@pytest.mark.django_db
@override_settings(REDIS_URL="")
def test_readyz_ready():
    response = ask()
    assert response.status_code == 200
    assert json.loads(response.content) == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "sealing": "ok", "redis": "off"},
    }


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_readyz_without_redis_is_degraded_and_still_ready():
    response = ask()
    assert (response.status_code, json.loads(response.content)["status"]) == (200, "degraded")
    assert checks(response)["redis"] == "degraded"


@pytest.mark.django_db
@override_settings(REDIS_URL="nonsense")
def test_readyz_with_a_redis_url_that_is_none():
    assert checks(ask())["redis"] == "degraded"


@pytest.mark.redis
@pytest.mark.django_db
def test_readyz_with_redis():
    assert checks(ask())["redis"] == "ok"


def test_readyz_without_database(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to db.internal")

    monkeypatch.setattr("django.db.connection.cursor", refuse)
    response = ask()
    assert (response.status_code, json.loads(response.content)["status"]) == (503, "unready")
    assert list(checks(response).items())[:3] == [("database", "failed"), ("migrations", "failed"), ("sealing", "ok")]
    assert b"db.internal" not in response.content


@pytest.mark.django_db
def test_readyz_with_a_migration_not_applied(monkeypatch):
    monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda self: {})
    response = ask()
    assert (response.status_code, checks(response)["migrations"]) == (503, "failed")


@pytest.mark.django_db
@pytest.mark.parametrize("keys", [[], ["k1:broken"]])
def test_readyz_without_a_working_sealing_key(keys):
    with override_settings(SEALING_KEYS=keys):
        response = ask()
    assert (response.status_code, checks(response)["sealing"]) == (503, "failed")
