import orjson
import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from core.codes import MEANINGS, Code
from core.http import BadRequest, error_response, json_response, read_json


def post(body: bytes) -> HttpRequest:
    return RequestFactory().post("/", body, content_type="application/json")


def test_json_response_is_json_that_nobody_stores():
    response = json_response({"a": "é"}, 201, {"X-Other": "1"})

    assert (response.status_code, response.content) == (201, '{"a":"é"}'.encode())
    assert dict(response.items()) == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Other": "1",
    }


def test_json_response_may_be_stored_where_the_view_says_so():
    assert json_response({}, headers={"Cache-Control": "max-age=60"})["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("code", Code)
def test_error_response_has_the_status_and_the_visitors_sentence(code):
    response = error_response(code)

    assert response.status_code == MEANINGS[code].status
    assert orjson.loads(response.content) == {"error": {"code": code.value, "message": MEANINGS[code].say}}
    assert not response.has_header("Retry-After")


@pytest.mark.parametrize(("wait", "seconds"), [(0.0, 1), (0.2, 1), (1.0, 1), (1.1, 2), (59.5, 60)])
def test_error_response_rounds_the_wait_up(wait, seconds):
    response = error_response(Code.RATE_LIMITED, retry_after=wait)

    assert orjson.loads(response.content)["error"]["retry_after"] == seconds
    assert response["Retry-After"] == str(seconds)


def test_read_json_gives_the_object():
    assert read_json(post(b'{"a": [1, "\xc3\xa9"]}')) == {"a": [1, "é"]}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"a"', b"null", b"{'a': 1}", b'{"a": NaN}', b"\xff{}", b"[" * 60_000]
)
def test_read_json_refuses_what_is_no_object(body):
    with pytest.raises(BadRequest) as caught:
        read_json(post(body))

    assert caught.value.code == Code.BAD_REQUEST


def test_read_json_takes_the_limit_and_not_a_byte_more():
    body = b'{"a":"' + b"x" * 92 + b'"}'

    assert read_json(post(body), limit=100) == {"a": "x" * 92}
    with pytest.raises(BadRequest) as caught:
        read_json(post(body), limit=99)
    assert caught.value.code == Code.TOO_LARGE


def test_read_json_beyond_djangos_own_limit_is_too_large(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    with pytest.raises(BadRequest) as caught:
        read_json(post(b'{"a":"xxxxxxxx"}'))

    assert caught.value.code == Code.TOO_LARGE
