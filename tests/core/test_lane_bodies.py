"""Request bodies: in chunks, up to the limit, with files."""

import orjson
import pytest

from core.codes import Code
from core.lane import BODY_MAX_BYTES
from tests.core.lane_app import Exchange, _surroundings, assert_error, echo, events, get, post, stream, upload  # noqa: F401 (a fixture for all)


async def test_body_comes_in_chunks():
    answer = await post("/api/echo", b'{"a"', b": ", b"1}")

    assert orjson.loads(answer.body) == {"method": "POST", "got": {"a": 1}}


async def test_body_at_the_limit_is_read_and_a_byte_more_is_not():
    body = b'{"a":"' + b"x" * (BODY_MAX_BYTES - 8) + b'"}'

    assert (await post("/api/echo", body)).status == 200
    assert_error(await post("/api/echo", body, b"x"), Code.TOO_LARGE)


async def test_announced_body_that_is_too_large_is_not_read_at_all():
    length = (b"content-length", b"%d" % (BODY_MAX_BYTES + 1))

    answer = await post("/api/echo", b"{}", headers=[length])

    assert_error(answer, Code.TOO_LARGE)
    assert answer.received == 0


async def test_endless_body_is_read_to_the_limit_only():
    chunks = [b"x" * 10_000] * 100

    answer = await post("/api/echo", *chunks, whole=False)

    assert_error(answer, Code.TOO_LARGE)
    assert answer.received == 7


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/echo"])
async def test_body_of_a_refused_request_is_not_read(path):
    headers = [(b"host", b"evil.example" if path == "/api/echo" else b"chat.example")]

    assert (await post(path, b"{}", headers=headers)).received == 0


async def test_client_that_leaves_in_its_body_gets_no_answer():
    exchange = Exchange("POST", "/api/echo", chunks=[b"{"], whole=False)
    exchange.gone.set()
    await exchange.run()

    assert exchange.sent == []


def multipart(size):
    head = b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\nhi \xc3\xa9\r\n'
    head += b'--B\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n'
    return head + b"x" * size + b"\r\n--B--\r\n"


MULTIPART = (b"content-type", b"multipart/form-data; boundary=B")


async def test_multipart_may_be_larger_and_its_files_are_closed():
    answer = await post("/api/upload", multipart(150_000), headers=[MULTIPART])

    assert orjson.loads(answer.body) == {"text": "hi é", "files": [["a.bin", 150_000]]}
    assert events[0].closed


async def test_upload_stays_with_the_client_until_the_view_asks_for_it():
    exchange = await post("/api/upload", multipart(150_000), headers=[MULTIPART], query=b"refused=1")

    assert_error(exchange, Code.DOMAIN_NOT_ALLOWED)
    assert exchange.received == 0


async def test_multipart_that_says_itself_that_it_is_too_large_is_not_even_begun():
    length = (b"content-length", b"200001")
    exchange = await post("/api/upload", b"x", headers=[MULTIPART, length], query=b"refused=1")

    assert_error(exchange, Code.TOO_LARGE)
    assert exchange.received == 0


async def test_multipart_beyond_the_upload_limit_is_too_large():
    assert_error(await post("/api/upload", multipart(200_000), headers=[MULTIPART]), Code.TOO_LARGE)


async def test_multipart_that_cannot_be_read_is_a_bad_request():
    headers = [(b"content-type", b"multipart/form-data")]

    assert_error(await post("/api/upload", multipart(10), headers=headers), Code.BAD_REQUEST)


async def test_body_of_a_get_is_ignored():
    answer = await get("/api/stream", chunks=[b"x" * 100_000, b"y"], query=b"pause=0.01")

    assert (answer.status, answer.complete) == (200, True)


# Streams
