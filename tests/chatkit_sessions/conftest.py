from collections.abc import Iterator
from typing import Any

import pytest

from chatkit_sessions import openai
from core.breaker import Breaker
from tests.fakes import serve


@pytest.fixture(scope="session")
def _standins() -> Iterator[serve.Served]:
    with serve.served() as standins:
        yield standins


@pytest.fixture
def upstream(_standins: serve.Served, settings: Any, monkeypatch: pytest.MonkeyPatch) -> serve.Served:
    """The stand-in as OpenAI, for every workflow id."""
    _standins.state.reset()
    settings.OPENAI_BASE_URL = f"{_standins.url}/openai/v1"
    settings.DEMO_UPSTREAM_URL = ""
    settings.OUTBOUND_ALLOW = [_standins.url.removeprefix("http://")]
    monkeypatch.setattr(openai, "breaker", Breaker())
    return _standins
