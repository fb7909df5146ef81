import json
import logging
from contextvars import copy_context

import pytest

from core.logs import JsonFormatter, RequestIdFilter, TextFormatter, current_request_id, redact, set_request_id


def record(message="hello", *args, exc_info=None, **extra):
    made = logging.getLogger("core.test").makeRecord(
        "core.test", logging.INFO, "x.py", 1, message, args, exc_info, extra=extra
    )
    made.created = 1_750_000_000.25
    return made


def line(*args, **extra):
    return json.loads(JsonFormatter().format(record(*args, **extra)))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("key sk-proj-Ab_1-xyz123 used", "key sk-[redacted] used"),
        ("sk-abcdef123456", "sk-[redacted]"),
        ('{"client_secret": "ek_68df4a_b"}', '{"client_secret": "ek_[redacted]"}'),
        ("claim cdk_0123456789abcdef.", "claim cdk_[redacted]"),
        ("claim cdk_0123456-789ABCD", "claim cdk_[redacted]"),
        ("token cdt_abc-DEF_123", "token cdt_[redacted]"),
        ("secret whsec_aGVsbG8+d29ybGQ=", "secret whsec_[redacted]"),
        ("Authorization: Bearer abc.def-ghi_jkl==", "Authorization: Bearer [redacted]"),
        ("authorization: bearer   abcdefgh", "authorization: bearer   [redacted]"),
        ("Bearer sk-abcdef123456, next", "Bearer [redacted], next"),
        ("one sk-aaaaaaaa two sk-bbbbbbbb", "one sk-[redacted] two sk-[redacted]"),
    ],
)
def test_redact_a_secret(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text", ["task-manager-online", "week_number_of", "risk-assessment", "wgt_0123456789", "sk-1", "a bearer"]
)
def test_redact_leaves_other_words(text):
    assert redact(text) == text


def test_json_formatter_writes_one_object():
    made = record("hello %s", "bob")
    made.request_id = "request-1"
    text = JsonFormatter().format(made)
    assert json.loads(text) == {
        "time": "2025-06-15T15:06:40.250+00:00",
        "level": "INFO",
        "logger": "core.test",
        "message": "hello bob",
        "request_id": "request-1",
    }
    assert "\n" not in text


def test_json_formatter_keeps_line_breaks_inside_the_message():
    assert "\n" not in JsonFormatter().format(record("a\nb"))
    assert line("a\nb")["message"] == "a\nb"


def test_json_formatter_adds_plain_extras_only():
    made = line("served", status=200, path="/x", took=1.5, ok=True, nothing=None, request=object(), headers={"a": "b"})
    standard = {"time", "level", "logger", "message", "request_id"}
    extras = {key: value for key, value in made.items() if key not in standard}
    assert extras == {"status": 200, "path": "/x", "took": 1.5, "ok": True, "nothing": None}


def test_json_formatter_redacts_message_extras_and_exception():
    error = ValueError("refused sk-abcdef123456")
    made = line("with %s", "ek_abcdef123456", exc_info=(ValueError, error, None), detail="Bearer abcdefgh")
    assert (made["message"], made["detail"]) == ("with ek_[redacted]", "Bearer [redacted]")
    assert made["exception"].splitlines()[-1] == "ValueError: refused sk-[redacted]"


def test_json_formatter_survives_what_json_cannot_write():
    assert line("broken \ud800")["message"] == "broken \ud800"


def test_text_formatter_redacts_message_and_exception():
    error = ValueError("refused sk-abcdef123456")
    text = TextFormatter("%(message)s").format(record("with ek_abcdef123456", exc_info=(ValueError, error, None)))
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("with ek_[redacted]", "ValueError: refused sk-[redacted]")


def test_request_id_filter_marks_the_record():
    def filtered():
        set_request_id("request-1")
        made = record()
        return RequestIdFilter().filter(made), made.request_id

    assert copy_context().run(filtered) == (True, "request-1")


def test_current_request_id_outside_a_request():
    assert copy_context().run(lambda: set_request_id("") or current_request_id()) == ""
