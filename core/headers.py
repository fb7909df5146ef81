"""HTTP headers that a tenant typed in as JSON."""

import re

import orjson

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
# Set by the HTTP client from the request itself; another value would let a tenant address another site or frame bytes.
_RESERVED = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"})


def read_headers(text: str) -> dict[str, str]:
    """The headers in a JSON object string, names in lower case. ValueError says to the admin what is wrong with them,
    without a value."""
    try:
        headers = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError("The headers are not valid JSON.") from error
    if not isinstance(headers, dict) or not headers:
        raise ValueError("The headers must be a JSON object of names and values.")
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise ValueError("A header's name holds a character that is not allowed.")
        if name.lower() in _RESERVED:
            raise ValueError(f"The header {name} is set by the request itself.")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise ValueError(f"The value of the header {name} must be plain ASCII text in one line.")
    return {name.lower(): value.strip() for name, value in headers.items()}
