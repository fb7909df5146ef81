from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.fakes.serve import Served, served
from tests.matrix.world import World, make_world


@pytest.fixture(scope="session")
def upstreams() -> Iterator[Served]:
    with served() as fakes:
        yield fakes


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, upstreams: Served) -> Iterator[World]:
    """Made once, in a transaction around all tests of a module; each call is undone by itself."""
    limits = dict.fromkeys(settings.RATE_LIMITS, (1_000_000, 60))
    urls = {"OPENAI_BASE_URL": f"{upstreams.url}/openai/v1", "DNS_URL": f"{upstreams.url}/dns-query"}
    changed = override_settings(RATE_LIMITS=limits, **urls)
    with changed, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
