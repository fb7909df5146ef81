import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import away, ratelimit, redisclient
from core.away import Away
from core.ids import new_id
from core.ratelimit import Limit, LocalLimiter, hit, hit_sync
from tests.core.redis_proxy import redis_proxy

SECOND = 1_000_000  # µs

both = pytest.mark.parametrize("with_redis", [False, pytest.param(True, marks=pytest.mark.redis)], indirect=True)


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """A limiter and an opinion of Redis of the test's own."""
    limiter = LocalLimiter()
    monkeypatch.setattr(ratelimit, "_here", limiter)
    monkeypatch.setattr(ratelimit, "_away", Away("test"))
    return limiter


@pytest.fixture
def with_redis(request, settings):
    if not request.param:
        settings.REDIS_URL = ""


def make_limit(events=10, seconds=60, key=None):
    return Limit(key or new_id("test"), events, seconds)


class TestLocalLimiter:
    """The arithmetic, on a clock of the test's own."""

    def test_burst_then_even_spacing(self):
        limiter, limit = LocalLimiter(), make_limit(3, 30)

        waits = [limiter.decide([limit], now=second * SECOND) for second in (0, 0, 0, 0, 9, 10, 10)]

        assert [wait / SECOND for wait in waits] == [0, 0, 0, 10, 1, 0, 10]

    def test_never_more_than_the_burst_and_the_rate(self):
        limiter, limit = LocalLimiter(), make_limit(7, 60)

        admitted = sum(limiter.decide([limit], now=tenth * SECOND // 10) == 0 for tenth in range(6001))

        assert admitted == 7 + 7 * 600 // 60

    def test_after_silence_the_burst_is_whole_again_and_no_more(self):
        limiter, limit = LocalLimiter(), make_limit(3, 30)
        for _ in range(3):
            limiter.decide([limit], now=0)

        waits = [limiter.decide([limit], now=1000 * SECOND) for _ in range(4)]

        assert [wait == 0 for wait in waits] == [True, True, True, False]

    def test_refusal_counts_under_no_limit(self):
        limiter, narrow, wide = LocalLimiter(), make_limit(1, 10), make_limit(2, 10)
        limiter.decide([wide, narrow], now=0)

        refused = [limiter.decide([wide, narrow], now=0) for _ in range(5)]

        assert refused == [10 * SECOND] * 5
        assert limiter.decide([wide], now=0) == 0
        assert limiter.decide([wide], now=0) == 5 * SECOND

    def test_wait_is_that_of_the_strictest_limit(self):
        limiter, limits = LocalLimiter(), [make_limit(1, 5), make_limit(1, 50), make_limit(1, 20)]
        limiter.decide(limits, now=0)

        assert limiter.decide(limits, now=0) == 50 * SECOND

    def test_zero_events_admit_nothing(self):
        assert LocalLimiter().decide([make_limit(0, 30)], now=0) == 30 * SECOND

    @pytest.mark.parametrize(("events", "processes", "burst"), [(10, 1, 10), (10, 2, 5), (10, 4, 3), (1, 4, 1)])
    def test_share_of_one_process(self, events, processes, burst):
        limiter, limit = LocalLimiter(), make_limit(events, 60)

        first = [limiter.decide([limit], now=0, processes=processes) == 0 for _ in range(20)]
        later = [limiter.decide([limit], now=second * SECOND, processes=processes) == 0 for second in range(1, 6001)]

        assert sum(first) == burst
        assert sum(later) == 100 * events // processes

    def test_memory_is_bounded_and_what_was_hit_longest_ago_goes_first(self):
        limiter = LocalLimiter(capacity=3)
        a, b, c, d = [make_limit(2, 60) for _ in range(4)]
        for limit in (a, b, c, a, d):
            limiter.decide([limit], now=0)

        assert list(limiter._tats) == [c.key, a.key, d.key]


@both
class TestHit:
    """The same with and without Redis."""

    async def test_admits_the_burst_and_then_tells_the_wait(self, with_redis):
        limit = make_limit(3, 60)

        waits = [await hit([limit]) for _ in range(4)]

        assert waits[:3] == [None, None, None]
        assert waits[3] == pytest.approx(20, abs=0.5)

    async def test_no_limits_admit(self, with_redis):
        assert await hit([]) is None
        assert hit_sync([]) is None

    async def test_thirty_two_at_once_are_not_over_admitted(self, with_redis):
        limits = [make_limit(10, 600), make_limit(100, 600)]

        waits = await asyncio.gather(*(hit(limits) for _ in range(32)))

        assert waits.count(None) == 10

    async def test_more_at_once_than_one_call_takes(self, with_redis):
        limit = make_limit(150, 6000)

        waits = await asyncio.gather(*(hit([limit]) for _ in range(200)))

        assert [wait is None for wait in waits] == [True] * 150 + [False] * 50

    def test_sync_from_thirty_two_threads_is_not_over_admitted(self, with_redis):
        limit = make_limit(10, 600)

        with ThreadPoolExecutor(32) as pool:
            waits = list(pool.map(lambda _: hit_sync([limit]), range(32)))

        assert waits.count(None) == 10

    async def test_sync_and_async_share_the_count(self, with_redis):
        limit = make_limit(2, 60)

        waits = [await hit([limit]), await asyncio.to_thread(hit_sync, [limit]), await hit([limit]), hit_sync([limit])]

        assert [wait is None for wait in waits] == [True, True, False, False]

    async def test_one_who_leaves_does_not_disturb_the_others(self, with_redis):
        limit = make_limit(10, 600)
        leaving = [asyncio.ensure_future(hit([limit])) for _ in range(3)]
        staying = [asyncio.ensure_future(hit([limit])) for _ in range(3)]
        await asyncio.sleep(0)

        for task in leaving:
            task.cancel()

        assert await asyncio.wait_for(asyncio.gather(*staying), 2) == [None, None, None]


def test_without_redis_a_process_has_its_share(settings):
    settings.REDIS_URL, settings.WEB_PROCESSES = "", 4
    limit = make_limit(20, 600)

    assert [hit_sync([limit]) for _ in range(20)].count(None) == 5


class TestWithRedis:
    pytestmark = pytest.mark.redis

    # Seconds are long against the test, because Redis forgets keys by its own clock.
    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        rates=st.lists(st.tuples(st.integers(0, 12), st.integers(20, 90)), min_size=1, max_size=4),
        steps=st.lists(
            st.tuples(st.integers(0, 30 * SECOND), st.sets(st.integers(0, 3), min_size=1)), min_size=1, max_size=40
        ),
    )
    def test_lua_agrees_with_the_local_limiter(self, rates, steps):
        """Both on the same clock: the script's own is replaced by two arguments in front."""
        script = ratelimit.SCRIPT.replace('redis.call("TIME")', '{table.remove(ARGV, 1), "0"}')
        script = script.replace("clock[1] * 1000000 + clock[2]", "tonumber(clock[1])")
        assert "table.remove" in script
        lua = redisclient.sync_client().register_script(script)
        local, limits, now = LocalLimiter(), [make_limit(*rate) for rate in rates], time.time_ns() // 1000

        for passed, chosen in steps:
            now += passed
            asked = [limits[number % len(limits)] for number in sorted(chosen)]
            keys, arguments = ratelimit._script_input([asked])
            assert lua(keys, [now, *arguments]) == [local.decide(asked, now=now)]

    def test_script_decides_several_hits_in_order(self):
        lua = redisclient.sync_client().register_script(ratelimit.SCRIPT)
        one, two = make_limit(1, 600), make_limit(2, 600)

        waits = lua(*ratelimit._script_input([[one, two], [one], [two], [two]]))

        assert [wait == 0 for wait in waits] == [True, False, True, False]

    def test_redis_keeps_whole_microseconds_and_forgets_in_time(self):
        limit = make_limit(10, 60)
        before = time.time_ns() // 1000

        hit_sync([limit])

        client, key = redisclient.sync_client(), "limit:" + limit.key
        assert 0 <= int(client.get(key)) - before - 6 * SECOND < SECOND
        assert 5000 < client.pttl(key) <= 6001

    async def test_script_that_redis_forgot_is_loaded_again(self):
        limit = make_limit(3, 600)
        await hit([limit])

        redisclient.sync_client().script_flush()

        assert [await hit([limit]), await asyncio.to_thread(hit_sync, [limit]), await hit([limit]) is None] == [
            None,
            None,
            False,
        ]

    async def test_redis_killed_falls_back_and_comes_back(self, settings, here, monkeypatch):
        monkeypatch.setattr(away, "PAUSE", 0.3)
        limit = make_limit(2, 600)
        async with redis_proxy(settings) as proxy:
            first = [await hit([limit]) for _ in range(2)]
            await proxy.cut()
            during = [await hit([limit]) for _ in range(3)]
            await proxy.start()
            await asyncio.sleep(0.35)
            after = await hit([limit])

        assert first == [None, None]
        assert [wait is None for wait in during] == [True, True, False]
        assert after is not None  # Redis still knows of the first two
        assert list(here._tats) == [limit.key]

    async def test_sync_falls_back_too(self, settings, here):
        limit = make_limit(1, 600)
        async with redis_proxy(settings) as proxy:
            await proxy.cut()
            waits = [await asyncio.to_thread(hit_sync, [limit]) for _ in range(2)]

        assert [wait is None for wait in waits] == [True, False]
        assert list(here._tats) == [limit.key]

    async def test_frozen_redis_is_waited_for_once(self, settings, monkeypatch):
        limit = make_limit(200, 600)
        async with redis_proxy(settings) as proxy:
            await hit([limit])
            monkeypatch.setitem(redisclient._PATIENCE, "socket_timeout", 0.2)
            proxy.freeze()
            started = time.monotonic()
            waits = await asyncio.gather(*(hit([limit]) for _ in range(100)))
            waits += [await hit([limit]) for _ in range(50)]

        assert waits == [None] * 150
        assert time.monotonic() - started < 5  # each alone: 30
