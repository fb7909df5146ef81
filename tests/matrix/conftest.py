from collections.abc import Iterator

import pytest

from tests.fakes.serve import Served, served
from tests.matrix.world import World, make_world


@pytest.fixture(scope="session")
def upstreams() -> Iterator[Served]:
    with served() as fakes:
        yield fakes


@pytest.fixture
def world(db, settings, upstreams) -> World:
    settings.OPENAI_BASE_URL = f"{upstreams.url}/openai/v1"
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (1_000_000, 60))
    return make_world()
