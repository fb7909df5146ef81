"""Log lines: one JSON object each, with the id of the request they belong to and without secrets."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_request_id: ContextVar[str] = ContextVar("request_id", default="")

# OpenAI keys, ChatKit client secrets, our own keys and tokens, Authorization: they get into texts of upstreams and
# libraries.
_SECRET = re.compile(
    r"(?<![A-Za-z0-9])((?:sk-|ek_|cdk_|cdt_|whsec_)(?=[\w-]{6})|(?i:bearer\s+)(?=[\w.~+/=-]{6}))[\w.~+/=-]+"
)
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "request_id", "color_message"}


def current_request_id() -> str:
    """The id of the request being served; "" outside of one."""
    return _request_id.get()


def set_request_id(identifier: str) -> None:
    _request_id.set(identifier)


def redact(text: str) -> str:
    """The text with everything that looks like a secret replaced, its kind kept."""
    return _SECRET.sub(r"\1[redacted]", text)


class RequestIdFilter(logging.Filter):
    """Lets everything pass, with `request_id` on the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """`{"time" (ISO 8601, UTC), "level", "logger", "message", "request_id", …plain `extra` values, "exception"?}`"""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
            **_extra(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps({key: redact(value) if isinstance(value, str) else value for key, value in line.items()})


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    """Plain values only: a request or model given as `extra` would drag its contents along."""
    return {
        key: value
        for key, value in record.__dict__.items()
        if key not in _STANDARD and isinstance(value, str | int | float | None)
    }
