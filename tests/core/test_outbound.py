import asyncio
import contextlib
import logging
import time
import traceback

import httpx
import pytest
from asgiref.sync import async_to_sync

from core import outbound, reach
from core.codes import Code
from core.outbound import OutboundError, guarded, provider, send, stream
from tests.core.upstream import CHUNKED, chunk, hangs_up, ok, resets, says, upstream

SECRET = "hook-secret"  # in the path of every upstream's URL
WAITS = {"connect": 1, "first_byte": 1, "idle": 1, "total": 5, "max_bytes": 1000}


async def call(url, *, client=None, method="POST", deadline=5, max_bytes=1000, **request):
    return await send(client or provider(), method, url, deadline=deadline, max_bytes=max_bytes, **request)


async def collect(url, *, received=None, **waits):
    received = [] if received is None else received
    async with stream(provider(), "POST", url, **{**WAITS, **waits}) as answer:
        async for piece in answer.chunks:
            received.append(piece)
    return b"".join(received)


# An answer


async def test_send_gives_status_headers_and_body():
    async with upstream(says(ok(b'{"a":1}', b"X-Thing: yes", status=b"201 Created"))) as server:
        answer = await call(server.url, content=b"hello")
    assert (answer.status, answer.headers["x-thing"], answer.body) == (201, "yes", b'{"a":1}')


async def test_send_posts_what_it_is_given():
    async with upstream(says(ok())) as server:
        await call(server.url, headers={"Authorization": "Bearer t"}, content=b'{"a": 1}')
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /webhook/hook-secret http/1.1"
    assert {b"authorization: bearer t", b"accept-encoding: identity", b"user-agent: chatdock"} <= set(lines)
    assert body == b'{"a": 1}'


async def test_send_uploads_files():
    async with upstream(says(ok())) as server:
        await call(server.url, data={"name": "bob"}, files={"file": ("a.txt", b"contents", "text/plain")})
    assert b'name="name"\r\n\r\nbob' in server.requests[0]
    assert b'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ncontents' in server.requests[0]


async def test_send_keeps_the_connection_for_the_next_call():
    async with upstream(says(ok())) as server:
        await call(server.url)
        await call(server.url)
        assert not server.left.is_set()
    assert len(server.requests) == 2


async def test_send_drops_headers_that_are_not_the_callers():
    given = {"host": "inside", "Cookie": "a=b", "Metadata-Flavor": "Google", "Transfer-Encoding": "chunked"}
    async with upstream(says(ok())) as server:
        await call(server.url, headers={**given, "accept-encoding": "gzip", "X-Key": "k"})
    head = server.requests[0].decode().lower().strip().split("\r\n")[1:]
    assert sorted(head) == [
        "accept-encoding: identity",
        "accept: */*",
        "content-length: 0",
        f"host: {server.authority}",
        "user-agent: chatdock",
        "x-key: k",
    ]


async def test_send_does_not_follow_a_redirect():
    async with (
        upstream(says(ok())) as target,
        upstream(says(ok(b"", b"Location: " + target.url.encode(), status=b"307 Temporary Redirect"))) as server,
    ):
        answer = await call(server.url)
    assert (answer.status, target.requests) == (307, [])


async def test_send_keeps_no_cookies():
    async with upstream(says(ok(b"{}", b"Set-Cookie: tenant=alice; Path=/"))) as server:
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):  # the two libraries' jars differ
            await call(url)
            await call(url)
    assert [b"cookie" in request.lower() for request in server.requests] == [False] * 4


async def test_send_ignores_a_proxy_of_the_environment(monkeypatch):
    async with upstream(says(ok())) as proxy, upstream(says(ok())) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.authority}")
        await call(server.url)
    assert (len(server.requests), proxy.requests) == (1, [])


async def test_stream_gives_pieces_as_they_come():
    heard = asyncio.Event()

    async def one_and_two(writer):
        writer.write(CHUNKED + chunk(b"one"))
        await heard.wait()  # nothing more comes until the first piece is there
        writer.write(chunk(b"two") + b"0\r\n\r\n")

    async with upstream(one_and_two) as server, stream(provider(), "POST", server.url, **WAITS) as answer:
        first = await anext(answer.chunks)
        heard.set()
        rest = [piece async for piece in answer.chunks]
    assert (answer.status, answer.headers["content-type"], first, rest) == (200, "text/event-stream", b"one", [b"two"])


async def test_stream_left_early_closes_the_connection():
    async with upstream(says(CHUNKED, *[chunk(b"x")] * 100, pause=0.02)) as server:
        async with stream(provider(), "POST", server.url, **WAITS) as answer:
            await anext(answer.chunks)
        await asyncio.wait_for(server.left.wait(), 10)


async def test_stream_lets_the_callers_own_error_through():
    async with upstream(says(CHUNKED, chunk(b"x"), then=5)) as server:
        with pytest.raises(ValueError, match="mine"):
            async with stream(provider(), "POST", server.url, **WAITS):
                raise ValueError("mine")


async def test_send_cancelled_closes_the_connection():
    async with upstream(says(CHUNKED, *[chunk(b"x")] * 100, pause=0.02)) as server:
        task = asyncio.create_task(call(server.url))
        while not server.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.left.wait(), 10)


# No answer, or a bad one

FAULTS = {
    "hangs up": (hangs_up, Code.UPSTREAM_ERROR),
    "resets": (resets, Code.UPSTREAM_ERROR),
    "answers late": (says(then=5), Code.UPSTREAM_TIMEOUT),
    "goes silent": (says(CHUNKED, chunk(b"x"), then=5), Code.UPSTREAM_TIMEOUT),
    "not HTTP": (says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", end=True), Code.UPSTREAM_MALFORMED),
    "binary": (says(bytes(range(256)), end=True), Code.UPSTREAM_MALFORMED),
    "endless header": (
        says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", end=True),
        Code.UPSTREAM_MALFORMED,
    ),
    "bad chunk": (says(CHUNKED, b"zz\r\nhello\r\n", end=True), Code.UPSTREAM_MALFORMED),
    "cut short": (says(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", end=True), Code.UPSTREAM_MALFORMED),
    "cut chunk": (says(CHUNKED, b"32\r\nhalf", end=True), Code.UPSTREAM_MALFORMED),
    "too long": (says(ok(b"x" * 1001)), Code.UPSTREAM_MALFORMED),
    "endless": (says(CHUNKED, *[chunk(b"x" * 100)] * 100), Code.UPSTREAM_MALFORMED),
    "compressed": (says(ok(b"\x1f\x8b", b"Content-Encoding: gzip")), Code.UPSTREAM_MALFORMED),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_send_maps_a_fault_without_a_word_about_the_address(name, caplog):
    answer, code = FAULTS[name]
    caplog.set_level(logging.DEBUG)
    async with upstream(answer) as server:
        with pytest.raises(OutboundError) as caught:
            await call(server.url, headers={"X-Key": SECRET}, deadline=0.5)
    assert caught.value.code == code
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text


@pytest.mark.parametrize("name", FAULTS)
async def test_stream_maps_a_fault_without_a_word_about_the_address(name, caplog):
    answer, code = FAULTS[name]
    caplog.set_level(logging.DEBUG)
    async with upstream(answer) as server:
        with pytest.raises(OutboundError) as caught:
            await collect(server.url, connect=0.2, first_byte=0.2, idle=0.2)
    assert caught.value.code == code
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text


async def test_send_of_an_answer_as_long_as_allowed():
    async with upstream(says(ok(b"x" * 1000))) as server:
        assert len((await call(server.url)).body) == 1000


async def test_send_logs_nothing_of_a_success(caplog):
    caplog.set_level(logging.DEBUG)
    async with upstream(says(ok())) as server:
        await call(server.url)
    assert SECRET not in caplog.text


async def test_send_to_a_closed_port():
    async with upstream(says(ok())) as server:
        pass
    with pytest.raises(OutboundError) as caught:
        await call(server.url)
    assert (caught.value.code, str(caught.value)) == (Code.UPSTREAM_UNREACHABLE, reach.REFUSED)


@pytest.mark.parametrize("value", ["line\r\nbreak: hook-secret", "hook-secret ünï"])
async def test_send_of_a_header_that_cannot_be_sent(value):
    async with upstream(says(ok())) as server:
        with pytest.raises(OutboundError) as caught:
            await call(server.url, headers={"X-Key": value})
    assert (caught.value.code, server.requests) == (Code.UPSTREAM_UNREACHABLE, [])
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectTimeout, Code.UPSTREAM_TIMEOUT),
        (httpx.ReadTimeout, Code.UPSTREAM_TIMEOUT),
        (httpx.PoolTimeout, Code.UPSTREAM_TIMEOUT),
        (httpx.ConnectError, Code.UPSTREAM_UNREACHABLE),
        (httpx.UnsupportedProtocol, Code.UPSTREAM_UNREACHABLE),
        (httpx.ReadError, Code.UPSTREAM_ERROR),
        (httpx.WriteError, Code.UPSTREAM_ERROR),
        (httpx.RemoteProtocolError, Code.UPSTREAM_MALFORMED),
    ],
)
async def test_send_maps_the_errors_of_httpx(error, code):
    def fail(request):
        raise error(SECRET)

    with pytest.raises(OutboundError) as caught:
        await call("https://api.example.com", client=httpx.MockTransport(fail))
    assert caught.value.code == code


async def test_send_and_stream_over_a_mock_transport():
    """How other tests stand in for an upstream."""
    door = httpx.MockTransport(lambda request: httpx.Response(200, json={"a": 1}))
    answer = await call("https://api.example.com", client=door)
    async with stream(door, "GET", "https://api.example.com", **WAITS) as streamed:
        pieces = [piece async for piece in streamed.chunks]
    assert (answer.body, pieces) == (b'{"a":1}', [b'{"a":1}'])


async def test_send_lets_a_mistake_of_ours_through():
    with pytest.raises(TypeError):
        await call("https://api.example.com", content=object())


# Time


# The bounds are those of a busy machine: without the one that is tested, a call takes seconds longer.


async def elapsed(awaitable):
    began = time.monotonic()
    with pytest.raises(OutboundError) as caught:
        await awaitable
    assert caught.value.code == Code.UPSTREAM_TIMEOUT
    return time.monotonic() - began


async def test_send_deadline_bounds_a_trickle():
    async with upstream(says(CHUNKED, *[chunk(b"x")] * 100, pause=0.05)) as server:
        assert 0.25 < await elapsed(call(server.url, deadline=0.3)) < 3


async def test_send_deadline_bounds_the_look_up(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: time.sleep(1.5))
    url = "https://slow-name-server.example.com/"
    assert await elapsed(call(url, client=guarded(), deadline=0.2)) < 1.4


async def test_stream_connect_bounds_the_look_up(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: time.sleep(1.5))

    async def look_up():
        url = "https://slow-name-server.example.com/"
        async with stream(guarded(), "POST", url, **{**WAITS, "connect": 0.2, "first_byte": 5}):
            pass

    assert await elapsed(look_up()) < 1.4


@pytest.fixture
def _connecting_takes_forever(monkeypatch):
    async def hang(loop, sock, address):
        await asyncio.sleep(60)

    monkeypatch.setattr("asyncio.selector_events.BaseSelectorEventLoop.sock_connect", hang)


@pytest.mark.usefixtures("_connecting_takes_forever")
async def test_send_deadline_bounds_connecting():
    assert await elapsed(call("https://192.0.2.1/", deadline=0.2)) < 3


@pytest.mark.usefixtures("_connecting_takes_forever")
async def test_stream_connect_bounds_connecting():
    assert await elapsed(collect("https://192.0.2.1/", connect=0.2, first_byte=5)) < 3


async def test_stream_first_byte_bounds_the_wait_for_the_head():
    async with upstream(says(then=5)) as server:
        assert await elapsed(collect(server.url, connect=0.1, first_byte=0.2, idle=5)) < 3


async def test_stream_idle_bounds_silence_and_keeps_what_came():
    received: list[bytes] = []
    async with upstream(says(CHUNKED, chunk(b"x"), then=5)) as server:
        assert await elapsed(collect(server.url, received=received, idle=0.4)) < 3
    assert received == [b"x"]


async def test_stream_idle_starts_anew_with_each_piece():
    async with upstream(says(CHUNKED, *[chunk(b"x")] * 8, b"0\r\n\r\n", pause=0.1)) as server:
        assert await collect(server.url, idle=0.7) == b"x" * 8


async def test_stream_total_bounds_everything():
    async with upstream(says(CHUNKED, *[chunk(b"x")] * 100, pause=0.05)) as server:
        assert 0.25 < await elapsed(collect(server.url, total=0.3)) < 3


# Event loops


def test_send_from_code_that_has_no_event_loop(monkeypatch):
    """Each call runs a loop of its own, and nothing stays open behind it (pytest turns such warnings into errors)."""
    transport = outbound._PerLoop(outbound._provider_session)

    async def once():
        async with upstream(says(ok())) as server:
            return (await call(server.url, client=transport)).status, len(transport._open)

    assert [async_to_sync(once)(), async_to_sync(once)()] == [(200, 1), (200, 1)]
    assert transport._open == {}


async def test_clients_are_one_per_process_and_kind():
    assert provider() is provider()
    assert guarded() is guarded()
    assert provider() is not guarded()


async def test_send_many_at_once():
    """256 calls of 100 ms each take little longer than one; over httpx's own transport it is four seconds."""
    async with upstream(late_ok) as server:
        await asyncio.gather(*(call(server.url) for _ in range(256)))  # connects
        began = time.monotonic()
        await asyncio.gather(*(call(server.url) for _ in range(256)))
        waited = time.monotonic() - began
    assert waited < 2.5


async def late_ok(writer):
    await asyncio.sleep(0.1)
    with contextlib.suppress(ConnectionError):
        writer.write(ok())
