import logging

import pytest

from core import away
from core.away import Away


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when a test says so."""
    now = [1000.0]
    monkeypatch.setattr(away, "monotonic", lambda: now[0])
    return now


def test_before_any_failure_all_may_try():
    service = Away("A service")

    assert [service.may_try(), service.may_try()] == [True, True]


def test_after_a_failure_nobody_tries_for_two_seconds_and_then_one(clock):
    service = Away("A service")
    service.failed(OSError())

    tries = []
    for now in (1000.0, 1001.9, 1002.0, 1002.1, 1003.9, 1004.0):
        clock[0] = now
        tries.append(service.may_try())

    assert tries == [False, False, True, False, False, True]


def test_an_answer_opens_the_way_for_all(clock):
    service = Away("A service")
    service.failed(OSError())
    service.answered()

    assert [service.may_try(), service.may_try()] == [True, True]


def test_log_has_one_line_per_outage(caplog):
    caplog.set_level(logging.INFO)
    service = Away("A service")

    service.answered()
    service.failed(OSError())
    service.failed(OSError())
    service.answered()

    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "A service is away: OSError"),
        ("INFO", "A service is back"),
    ]
