"""Streams, and clients that go away."""

import asyncio

import pytest

from tests.core.lane_app import Exchange, _surroundings, endless, events, get, post, slow, stream, stubborn  # noqa: F401 (a fixture for all)


async def test_stream_sends_each_part_as_it_comes():
    answer = await get("/api/stream")

    assert [(m.get("body"), m.get("more_body", False)) for m in answer.sent[1:]] == [
        ("data: é\n\n".encode(), True),
        (b"data: 2\n\n", True),
        (b"data: 3\n\n", True),
        (None, False),
    ]
    assert "content-length" not in answer.headers
    assert events == ["opened", "closed"]


async def test_stream_starts_before_it_ends():
    exchange = Exchange("POST", "/api/stream", query=b"pause=30")

    await exchange.run_until(lambda: len(exchange.sent) == 3)

    assert exchange.body == "data: é\n\ndata: 2\n\n".encode()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_stream_that_waits_is_closed_when_the_client_goes(method):
    exchange = Exchange(method, "/api/stream", query=b"pause=30")

    await exchange.run_until(lambda: len(exchange.sent) == 3)

    assert events == ["opened", "closed"]


async def test_stream_that_never_waits_is_closed_when_the_client_goes():
    exchange = Exchange("POST", "/api/endless")

    await exchange.run_until(lambda: len(exchange.sent) > 20)

    assert events == ["closed"]


async def test_stream_that_fails_is_cut_and_logged_once(caplog):
    answer = await get("/api/breaks-off")

    assert (answer.status, answer.body, answer.complete) == (200, b"1", False)
    assert [r.getMessage() for r in caplog.records] == ["A stream broke off"]


async def test_head_of_a_stream_does_not_start_it():
    answer = await Exchange("HEAD", "/api/stream").run()

    assert (answer.status, answer.body, answer.complete) == (200, b"", True)
    assert events == []


# Clients that go away


async def test_view_of_a_post_is_cancelled_when_the_client_goes():
    exchange = Exchange("POST", "/api/slow")

    await exchange.run_until(lambda: events == ["started"])

    assert events == ["started", "cancelled"]
    assert exchange.sent == []


async def test_view_that_goes_on_after_its_cancellation_does_no_harm():
    exchange = Exchange("POST", "/api/stubborn")

    await exchange.run_until(lambda: exchange.received == 2)

    assert events == ["cancelled"]


async def test_cancellation_from_outside_stays_one():
    exchange = Exchange("POST", "/api/slow")
    task = asyncio.create_task(exchange.run())
    while not events:
        await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_server_task_is_not_cancelled_later():
    """The cancellation of one request must not reach what the server's task does after it."""
    exchange = Exchange("POST", "/api/slow")

    async def server():
        await exchange.run()
        await asyncio.sleep(0.01)
        return asyncio.current_task().cancelling()

    task = asyncio.create_task(server())
    while not events:
        await asyncio.sleep(0)
    exchange.gone.set()

    assert await task == 0


async def test_disconnect_after_the_answer_is_not_heard():
    """A server may report a disconnect as soon as the answer is complete."""
    exchange = Exchange("POST", "/api/stream", query=b"pause=0.01")
    send = exchange.send

    async def send_and_leave(message):
        await send(message)
        if exchange.complete:
            exchange.gone.set()

    exchange.send = send_and_leave
    await exchange.run()

    assert exchange.complete
    assert events == ["opened", "closed"]


async def test_no_task_is_left_behind():
    before = asyncio.all_tasks()
    await post("/api/stream", query=b"pause=0.01")
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == before


# HTTPS
