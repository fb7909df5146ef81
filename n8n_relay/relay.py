"""One chat turn with an n8n workflow: sends the visitor's message, yields what comes back as it comes.

A message is never sent twice: every request starts an execution, which n8n may bill. When the visitor leaves, the
generator is closed and the connection with it; n8n finishes the execution all the same.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from core import outbound

from .events import Event, Failure, RelayError, shorten
from .faults import read_fault
from .request import Outgoing, Target, build_message, mask
from .stream import AnswerReader

MAX_BYTES = 16_000_000  # of a raw answer: a stream wraps each word in some 170 bytes
_FAULT_BYTES = 4096  # of an error page: enough for its title


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `idle` is above the 30 s after which a live execution sends a keepalive."""

    connect: float = 5
    first_byte: float = 100
    idle: float = 60
    total: float = 300


async def relay(
    target: Target,
    *,
    session_id: str,
    text: str,
    files: Sequence["UploadedFile[bytes]"],
    metadata: Mapping[str, Any],
    timeouts: Timeouts,
) -> AsyncGenerator[Event, None]:
    """The events of one turn: Deltas and Messages, then at most one Failure, which is the last. Raises nothing."""
    try:
        outgoing = build_message(target, session_id=session_id, text=text, files=files, metadata=metadata)
        async with _answer(target, outgoing, timeouts) as answer:
            if not 200 <= answer.status < 300:
                raise read_fault(answer.status, mask(await _start(answer.chunks), outgoing.hidden))
            reader = AnswerReader(outgoing.asked, outgoing.hidden)
            async for chunk in answer.chunks:
                for event in reader.feed(chunk):
                    yield event
                if reader.finished:
                    return
            for event in reader.close():
                yield event
    except RelayError as error:
        yield Failure(error.code, error.detail)
    except outbound.OutboundError as error:
        yield Failure(error.code, shorten(str(error)))


def _answer(target: Target, outgoing: Outgoing, timeouts: Timeouts) -> AbstractAsyncContextManager[outbound.Stream]:
    return outbound.stream(
        outbound.guarded(),
        "POST",
        target.url,
        headers=outgoing.headers,
        **outgoing.body,
        connect=timeouts.connect,
        first_byte=timeouts.first_byte,
        idle=timeouts.idle,
        total=timeouts.total,
        max_bytes=MAX_BYTES,
    )


async def _start(chunks: AsyncIterator[bytes]) -> bytes:
    start = b""
    async for chunk in chunks:
        start += chunk
        if len(start) >= _FAULT_BYTES:
            break
    return start[:_FAULT_BYTES]
