from typing import Any

import pytest

from chatkit_sessions import openai
from core.breaker import Breaker
from tests.fakes import serve


@pytest.fixture
def upstream(standins: serve.Served, settings: Any, monkeypatch: pytest.MonkeyPatch) -> serve.Served:
    """The stand-in as OpenAI, for every workflow id."""
    settings.OPENAI_BASE_URL = f"{standins.url}/openai/v1"
    settings.DEMO_UPSTREAM_URL = ""
    settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
    monkeypatch.setattr(openai, "breaker", Breaker())
    return standins
