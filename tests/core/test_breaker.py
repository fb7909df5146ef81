import pytest

from core.breaker import FAILURES, PAUSE, PROBES, WINDOW, Breaker


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock)


def record(breaker, *, failures=0, successes=0, key="n8n.example.com"):
    for _ in range(successes):
        breaker.record(key, True)
    for _ in range(failures):
        breaker.record(key, False)


def test_allows_what_it_does_not_know(breaker):
    assert breaker.allows("n8n.example.com")


def test_stays_closed_below_ten_failures(breaker):
    record(breaker, failures=9)
    assert breaker.allows("n8n.example.com")


def test_opens_at_ten_failures(breaker):
    record(breaker, failures=10)
    assert not breaker.allows("n8n.example.com")


@pytest.mark.parametrize(("successes", "open_"), [(10, True), (11, False)])
def test_opens_only_when_half_of_the_calls_fail(breaker, successes, open_):
    record(breaker, successes=successes, failures=10)
    assert breaker.allows("n8n.example.com") is not open_


def test_opens_one_key_only(breaker):
    record(breaker, failures=10)
    assert breaker.allows("other.example.com")


@pytest.mark.parametrize(("seconds", "open_"), [(WINDOW - 2, True), (WINDOW + 1, False)])
def test_counts_failures_of_the_last_thirty_seconds(breaker, clock, seconds, open_):
    record(breaker, failures=9)
    clock.now += seconds
    record(breaker, failures=1)
    assert breaker.allows("n8n.example.com") is not open_


def test_open_for_fifteen_seconds_then_three_probes(breaker, clock):
    record(breaker, failures=FAILURES)
    clock.now += PAUSE - 0.1
    assert not breaker.allows("n8n.example.com")
    clock.now += 0.1
    assert [breaker.allows("n8n.example.com") for _ in range(4)] == [True, True, True, False]


def probing(breaker, clock, probes=PROBES):
    record(breaker, failures=FAILURES)
    clock.now += PAUSE
    for _ in range(probes):
        breaker.allows("n8n.example.com")


def test_closes_when_all_probes_succeed(breaker, clock):
    probing(breaker, clock)
    record(breaker, successes=PROBES - 1)
    assert not breaker.allows("n8n.example.com")
    record(breaker, successes=1)
    assert [breaker.allows("n8n.example.com") for _ in range(10)] == [True] * 10


def test_closed_again_it_counts_from_zero(breaker, clock):
    probing(breaker, clock)
    record(breaker, successes=PROBES)
    record(breaker, failures=FAILURES - 1)
    assert breaker.allows("n8n.example.com")


def test_opens_again_when_one_probe_fails(breaker, clock):
    probing(breaker, clock, probes=1)
    record(breaker, failures=1)
    assert not breaker.allows("n8n.example.com")
    clock.now += PAUSE
    assert breaker.allows("n8n.example.com")


def test_an_answer_to_a_call_from_before_it_opened_is_no_probe(breaker, clock):
    record(breaker, failures=FAILURES)
    record(breaker, successes=PROBES)
    assert not breaker.allows("n8n.example.com")
    clock.now += PAUSE - 1
    record(breaker, failures=1)
    clock.now += 1
    assert breaker.allows("n8n.example.com")


def test_probes_that_never_come_back_are_given_again(breaker, clock):
    probing(breaker, clock)
    clock.now += PAUSE - 0.1
    assert not breaker.allows("n8n.example.com")
    clock.now += 0.1
    assert breaker.allows("n8n.example.com")


def test_forgets_keys_that_are_not_used(breaker, clock):
    for number in range(50):
        record(breaker, successes=1, key=number)
    clock.now += 2 * WINDOW
    record(breaker, successes=1, key="in use")
    assert set(breaker._states) == {"in use"}


def test_keeps_what_it_counts_small(breaker, clock):
    for _ in range(10 * WINDOW):
        clock.now += 1
        record(breaker, successes=10, failures=1)
    assert len(breaker._states["n8n.example.com"].seconds) <= WINDOW
