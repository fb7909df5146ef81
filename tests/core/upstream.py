"""An upstream that misbehaves on purpose: a bare socket server, because HTTP libraries refuse to."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Upstream:
    url: str = ""
    authority: str = ""
    requests: list[bytes] = field(default_factory=list)  # head and body
    left: asyncio.Event = field(default_factory=asyncio.Event)  # a client went away


@asynccontextmanager
async def upstream(answer: Answer, *, tls=None) -> AsyncIterator[Upstream]:
    this, tasks = Upstream(), set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            while True:
                this.requests.append(await _read_request(reader))
                await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            this.left.set()
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    this.authority = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    this.url = f"{'https' if tls else 'http'}://{this.authority}/webhook/hook-secret"
    try:
        yield this
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


def says(*pieces: bytes, pause: float = 0, then: float = 0, end: bool = False) -> Answer:
    """Writes the pieces with pauses (seconds) between and after them, and closes the connection at the `end`."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(then)
        if end:
            writer.close()

    return answer


def ok(body: bytes = b"{}", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n"


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(writer: asyncio.StreamWriter) -> None:
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
