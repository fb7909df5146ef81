import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Code
from n8n_relay.answers import NOT_JSON, find_text, is_page, page_text, parse, read_answer, unwrap
from n8n_relay.events import RelayError

ASKED = {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello?"}


def read(data: Any) -> str:
    return read_answer(orjson.dumps(data), ASKED)


def refused(body: bytes) -> tuple[Code, str]:
    with pytest.raises(RelayError) as caught:
        read_answer(body, ASKED)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"output": "Hi"}, "Hi"),
        ({"text": "Hi"}, "Hi"),
        ({"message": "Hi"}, "Hi"),
        ({"message": {"type": "text", "text": "Hi"}}, "Hi"),
        ({"message": "third", "text": "second", "output": "first"}, "first"),
        ({"output": "", "text": "Hi"}, "Hi"),
        ({"output": None, "message": "Hi"}, "Hi"),
        ({"output": {"text": "Hi"}}, "Hi"),
        ({"output": ["Hi", "there"]}, "Hi"),
        ({"output": 42}, "42"),
        ({"output": False}, "false"),
        ({"output": 0}, "0"),
        ({"output": "Hi", "intermediateSteps": [1, 2]}, "Hi"),
        ({"output": '{"output":"third","n":3}'}, "third"),
        ([{"output": "Hi"}, {"output": "there"}], "Hi"),
        (["Hi"], "Hi"),
        ([[{"text": "Hi"}]], "Hi"),
        ({"data": {"output": "Hi"}}, "Hi"),
        ({"reply": "Hi"}, "Hi"),
        ("Hi", "Hi"),
        ("{not json}", "{not json}"),
        ('{"name": "Alice"}', '{"name": "Alice"}'),
        (" Hi ", " Hi "),
        (3.5, "3.5"),
        (True, "true"),
        ({"ok": True}, '```json\n{\n  "ok": true\n}\n```'),
        ({"a": 1, "b": "ü"}, '```json\n{\n  "a": 1,\n  "b": "ü"\n}\n```'),
        ({"error": None, "output": "Hi"}, "Hi"),
        ({"error": "a word", "output": "Hi"}, "Hi"),
        ({"executionStarted": False, "output": "Hi"}, "Hi"),
    ],
)
def test_read_answer_json_finds_the_text(data: Any, text: str) -> None:
    assert read(data) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Hi there", "Hi there"),
        (b"  Hi\nthere\n", "Hi\nthere"),
        (b'\n\n{"output":\n "Hi"}\n', "Hi"),
        (b'\xef\xbb\xbf{"output":"Hi"}', "Hi"),
        (b"caf\xe9", "caf\ufffd"),
        (b"[a link](https://example.com)", "[a link](https://example.com)"),
        (b"<b>Hi</b>", "<b>Hi</b>"),
        (b"NaN", "NaN"),
        (b'{"output":"cut \\ud83d"}', "cut \ufffd"),
        (b'{"output":"whole \\ud83d\\ude00"}', "whole 😀"),
    ],
)
def test_read_answer_any_body_finds_the_text(body: bytes, text: str) -> None:
    assert read_answer(body, ASKED) == text


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" \n\r\n", b"null", b"{}", b"[]", b"[{}]", b"[null]", b'""', b'"  "'),
        *(b'{"output":""}', b'{"output":null}', b'{"output":{}}', b'{"output":[""]}'),
        *(b'{"output":"","text":"","message":""}', b'{"output":"{\\"output\\":\\"\\"}"}'),
    ],
)
def test_read_answer_without_text_is_no_answer(body: bytes) -> None:
    assert refused(body)[0] == Code.N8N_NO_ANSWER


def test_read_answer_without_text_shows_the_owner_what_came() -> None:
    assert refused(b'{"output": ""}') == (Code.N8N_NO_ANSWER, 'There is no text in the answer: {"output": ""}')
    assert refused(b"") == (Code.N8N_NO_ANSWER, "n8n sent an empty answer.")


@pytest.mark.parametrize(
    "echo",
    [
        ASKED,
        {**ASKED, "metadata": {"page": "/"}},
        {**ASKED, "metadata": '{"page":"/"}', "files": [{"fileName": "a.png"}]},
        [ASKED],
        {"headers": {"authorization": "Basic eHg="}, "params": {}, "query": {}, "body": ASKED}
        | {"webhookUrl": "https://n8n.example.com/webhook/w1", "executionMode": "production"},
    ],
)
def test_read_answer_request_handed_back_is_no_answer(echo: Any) -> None:
    assert refused(orjson.dumps(echo))[0] == Code.N8N_NO_ANSWER


@pytest.mark.parametrize("key", ["output", "text", "message"])
def test_read_answer_request_handed_back_under_an_answer_key_is_no_answer(key: str) -> None:
    asked = {"action": "sendMessage", "sessionId": "s1", key: "Hello?"}
    with pytest.raises(RelayError) as caught:
        read_answer(orjson.dumps(asked), asked)
    assert caught.value.code == Code.N8N_NO_ANSWER


def test_read_answer_beside_the_request_is_found() -> None:
    assert read({**ASKED, "output": "Hi"}) == "Hi"
    assert read({**ASKED, "reply": "Hi"}) == "Hi"
    assert read({"headers": {"x-key": "1"}, "query": {}, "body": ASKED, "reply": "Hi"}) == "Hi"


def test_read_answer_with_other_session_is_not_the_request() -> None:
    assert read({**ASKED, "sessionId": "s2", "text": "Hi"}) == "Hi"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><title>n8n</title>", b"  <html><head><title>n8n</title>"])
def test_read_answer_web_page_is_malformed(page: bytes) -> None:
    assert refused(page) == (Code.UPSTREAM_MALFORMED, "A web page came instead of an answer: n8n")


def test_read_answer_broken_json_is_malformed() -> None:
    assert refused(b'{"output": "cut') == (Code.UPSTREAM_MALFORMED, 'The answer is not valid JSON: {"output": "cut')


def test_read_answer_execution_started_is_unsupported() -> None:
    body = b'{"executionStarted":true,"executionId":"52","resumeToken":"ab"}'
    assert refused(body) == (Code.N8N_UNSUPPORTED, "n8n answered executionStarted.")


def test_read_answer_only_an_error_is_a_failed_workflow() -> None:
    assert refused(b'{"error":"No credits"}') == (Code.N8N_WORKFLOW_FAILED, "No credits")
    assert refused(b'{"error":{"message":"No credits"},"n":2}') == (Code.N8N_WORKFLOW_FAILED, "No credits")
    assert refused(b'{"error":' * 900 + b"1" + b"}" * 900) == (Code.N8N_WORKFLOW_FAILED, "")
    assert refused(b'{"error":[1]}') == (Code.N8N_WORKFLOW_FAILED, "")


def test_read_answer_nested_too_deeply_is_malformed() -> None:
    body = b'{"a":1,"b":' * 300 + b"1" + b"}" * 300
    assert refused(body) == (Code.UPSTREAM_MALFORMED, "The answer is nested too deeply.")


def test_read_answer_lone_keys_are_followed_to_a_bound() -> None:
    assert read_answer(b'{"a":' * 15 + b'"Hi"' + b"}" * 15, ASKED) == "Hi"
    assert read_answer(b"[" * 16 + b"1" + b"]" * 16, ASKED) == "1"
    assert read_answer(b"[" * 18 + b"1" + b"]" * 18, ASKED) == "```json\n[\n  [\n    1\n  ]\n]\n```"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["output", "text", "message", "body", "x"]), inner),
)


@given(json_values.map(orjson.dumps) | st.binary())
def test_read_answer_any_body_gives_text_or_a_short_reason(body: bytes) -> None:
    try:
        text, detail = read_answer(body, ASKED), ""
    except RelayError as error:
        text, detail = "no text", error.detail
    assert text.strip() != ""
    assert len(detail) <= 500


@given(json_values)
def test_parse_agrees_with_the_standard_library(data: Any) -> None:
    assert parse(json.dumps(data).encode()) == data


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"nope", b"NaN", b'"\\ud8"', b'"\\ud83d', b"[" * 5000, b'"\\ud83d' + b"[" * 5000]
)
def test_parse_no_json(raw: bytes) -> None:
    assert parse(raw) is NOT_JSON


def test_unwrap_only_json_objects_with_an_answer() -> None:
    assert unwrap('{"output": "Hi"}') == "Hi"
    assert unwrap(' {"text": "Hi", "n": 1}') == "Hi"
    assert unwrap('{"type":"with-buttons","text":"Sure?","buttons":[]}') == "Sure?"
    assert unwrap('{"output": {"error": "x"}}') == '{"output": {"error": "x"}}'
    assert unwrap('{"n": 1}') == '{"n": 1}'
    assert unwrap('["output"]') == '["output"]'
    assert unwrap('Say {"output": "Hi"}') == 'Say {"output": "Hi"}'
    assert unwrap("") == ""


def test_find_text_of_nothing_is_empty() -> None:
    assert find_text(None, ASKED) == ""
    assert find_text([], ASKED) == ""


def test_is_page() -> None:
    assert [is_page(text) for text in ("<!doctype html>", "\n<HTML lang=en>", "<head>", "<body >")] == [True] * 4
    assert [is_page(text) for text in ("", "Hi <html>", "<b>Hi</b>", "<header>", "<htmlx>")] == [False] * 5


def test_page_text_title_or_words() -> None:
    page = "<html><title>\n example.com | 524: A timeout&nbsp;occurred </title><h1>No</h1></html>"
    assert page_text(page) == "example.com | 524: A timeout\xa0occurred"
    assert page_text("<html><style>p{}</style><p>Not <b>here</b></p></html>").split() == ["Not", "here"]
