import asyncio
import json
from collections.abc import AsyncGenerator

import pytest

from core.codes import MEANINGS, Code
from n8n_relay.events import Delta, Event, Failure, Message
from n8n_relay.sse import encode, encode_all


def decode(part: bytes) -> tuple[str, dict[str, str]]:
    """One event of a stream, as a browser reads it."""
    lines = part.decode().split("\n")
    assert lines[0].startswith("event: ")
    assert lines[1].startswith("data: ")
    assert lines[2:] == ["", ""]
    return lines[0][7:], json.loads(lines[1][6:])


TEXT = 'Line\r\none\u2028"quoted" \\ \0 ü 😀\n\ndata: x'


def test_encode_delta() -> None:
    assert decode(encode(Delta("1", TEXT))) == ("delta", {"m": "1", "t": TEXT})


def test_encode_message() -> None:
    assert decode(encode(Message("1", TEXT))) == ("message", {"m": "1", "text": TEXT})


def test_encode_failure_says_our_sentence_and_hides_the_detail() -> None:
    code = Code.N8N_WORKFLOW_FAILED
    assert decode(encode(Failure(code, "secret detail"))) == ("error", {"code": code, "message": MEANINGS[code].say})


class Source:
    """Yields the events, pauses where a number of seconds stands; knows whether it was closed."""

    def __init__(self, *steps: Event | float | Exception) -> None:
        self.steps = steps
        self.closed = False

    async def events(self) -> AsyncGenerator[Event, None]:
        try:
            for step in self.steps:
                if isinstance(step, float):
                    await asyncio.sleep(step)
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        finally:
            self.closed = True


async def collect(source: Source, ping_seconds: float = 5) -> list[bytes]:
    return [part async for part in encode_all(source.events(), ping_seconds=ping_seconds)]


PING = b": ping\n\n"
DONE = b"event: done\ndata: {}\n\n"


async def test_encode_all_ends_with_done() -> None:
    source = Source(Delta("1", "Hi"), Message("1", "Hi"))
    assert await collect(source) == [encode(Delta("1", "Hi")), encode(Message("1", "Hi")), DONE]
    assert source.closed


async def test_encode_all_after_a_failure_ends_with_done() -> None:
    failure = Failure(Code.N8N_NO_ANSWER)
    assert await collect(Source(failure)) == [encode(failure), DONE]


async def test_encode_all_pings_while_waiting_and_loses_nothing() -> None:
    parts = await collect(Source(0.3, Delta("1", "Hi"), 0.3, Message("1", "Hi")), ping_seconds=0.02)
    once = [part for number, part in enumerate(parts) if parts[number - 1 : number] != [part]]  # runs of pings as one
    assert once == [PING, encode(Delta("1", "Hi")), PING, encode(Message("1", "Hi")), DONE]


async def test_encode_all_gives_an_event_at_once() -> None:
    parts = encode_all(Source(Delta("1", "Hi"), 30.0).events())
    assert await asyncio.wait_for(anext(parts), 10) == encode(Delta("1", "Hi"))
    await parts.aclose()


async def test_encode_all_closed_by_the_reader_closes_the_events() -> None:
    source = Source(Delta("1", "Hi"), 30.0)
    parts = encode_all(source.events())
    await anext(parts)
    await parts.aclose()
    assert source.closed


async def test_encode_all_cancelled_reader_closes_the_events() -> None:
    source = Source(30.0)
    task = asyncio.create_task(collect(source))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert source.closed


async def test_encode_all_error_of_ours_is_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(Delta("1", "Hi"), ValueError("a bug"))
    assert await collect(source) == [encode(Delta("1", "Hi")), encode(Failure(Code.INTERNAL)), DONE]
    assert [record.getMessage() for record in caplog.records] == ["The relay of an n8n answer failed"]
