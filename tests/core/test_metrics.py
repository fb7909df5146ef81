import timeit

import pytest
from django.test import Client

from core import metrics
from core.metrics import Histogram, counter, gauge, render

TOKEN = "a token that is long enough for anybody"


@pytest.fixture(autouse=True)
def _no_others(monkeypatch, request):
    if "client" not in request.fixturenames:
        monkeypatch.setattr(metrics, "_families", {})


def test_counter_is_one_line_for_each_combination():
    answers = counter("answers_total", "Answers.", "view", "code")
    answers["frame", "ok"] += 2
    answers["frame", "not_found"] += 1

    assert render().splitlines() == [
        "# HELP answers_total Answers.",
        "# TYPE answers_total counter",
        'answers_total{view="frame",code="ok"} 2',
        'answers_total{view="frame",code="not_found"} 1',
    ]


def test_gauge_is_asked_when_it_is_read():
    figures = {(): 1.0}
    gauge("open", "Open now.")(lambda: figures)
    first = render().splitlines()[-1]
    figures[()] = 0.25

    assert (first, render().splitlines()[-1]) == ("open 1", "open 0.25")


def test_histogram_counts_up_to_each_bound():
    waits = Histogram("waits", "Waits.", "upstream")
    for seconds in (0.01, 0.2, 0.25, 1000.0):
        waits.observe("tenant", seconds)

    lines = render().splitlines()[1:]
    assert lines[:2] == ["# TYPE waits histogram", 'waits_bucket{upstream="tenant",le="0.01"} 1']
    assert lines[5:7] == ['waits_bucket{upstream="tenant",le="0.25"} 3', 'waits_bucket{upstream="tenant",le="0.5"} 3']
    assert lines[-3:] == [
        'waits_bucket{upstream="tenant",le="+Inf"} 4',
        'waits_sum{upstream="tenant"} 1000.46',
        'waits_count{upstream="tenant"} 4',
    ]


def test_adding_costs_next_to_nothing():
    answers, waits = counter("answers_total", "Answers.", "view"), Histogram("waits", "Waits.", "upstream")

    def add():
        answers["frame",] += 1
        waits.observe("tenant", 0.2)

    best = min(timeit.repeat(add, number=1000, repeat=20)) / 2000
    assert best < 3e-6  # seconds; ten times what it takes


# Who may read them


def asked(client: Client, token: str = TOKEN, host: str = "testserver"):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}", "Host": host})


def test_scraper_with_the_token_reads_them_at_any_address_of_the_process(client, settings):
    settings.METRICS_TOKEN, settings.ALLOWED_HOSTS = TOKEN, ["testserver"]

    answer = asked(client, host="10.0.0.3:8000")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE chatdock_requests_total counter" in answer.content.decode()


@pytest.mark.parametrize(("configured", "given"), [(TOKEN, "another"), (TOKEN, ""), ("", ""), ("", TOKEN)])
def test_stranger_finds_nothing(client, settings, configured, given):
    settings.METRICS_TOKEN = configured

    assert asked(client, given).status_code == 404


def test_visitors_host_has_nothing(client, settings):
    settings.METRICS_TOKEN, settings.EMBED_URL = TOKEN, "http://chat.example.com"

    assert asked(client, host="chat.example.com").status_code == 404
