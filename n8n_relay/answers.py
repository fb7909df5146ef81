"""Finds the text for the visitor in whatever a workflow answers with.

n8n wraps nothing: the body is the first item of the last node, or what "Respond to Webhook" was told to send. The
content type says nothing either (plain text comes as text/html).
"""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

from core.codes import Code

from .events import RelayError

ANSWER_KEYS = ("output", "text", "message")  # in the order in which n8n's own chat looks for them
_WEBHOOK_ITEM = frozenset({"headers", "params", "query", "body", "webhookUrl", "executionMode"})
_ECHOED_ANYWAY = frozenset({"metadata", "files"})  # n8n rewrites both, so their values cannot be compared
_MAX_DEPTH = 16
_PAGE = re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PAGE_CHARS = 4000  # of a page searched for words; the patterns below are quadratic on hostile input
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)

NOT_JSON = object()


def parse(raw: bytes) -> Any:
    """The JSON value in `raw`, or NOT_JSON. Half a surrogate pair, which JavaScript can cut off, becomes U+FFFD."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        if b"\\ud" not in raw.lower():
            return NOT_JSON
    try:
        mended = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-16", "surrogatepass")
        return orjson.loads(mended.decode("utf-16", "replace"))
    except (ValueError, RecursionError):
        return NOT_JSON


def is_page(text: str) -> bool:
    """Whether `text` is a web page: the answer of a proxy, not of a workflow."""
    return _PAGE.match(text) is not None


def page_text(page: str) -> str:
    """The title of a web page, or its visible words."""
    page = page[:_PAGE_CHARS]
    title = _TITLE.search(page)
    return html.unescape(title[1] if title else _UNSEEN.sub(" ", page)).strip()


def read_answer(body: bytes, asked: Mapping[str, Any]) -> str:
    """The text in a complete 200 body of n8n: never blank.

    `asked` holds the fields of the request, so that a workflow which hands them back is not taken for an answer (a
    trigger without further nodes, or a long Wait node). Raises RelayError: N8N_NO_ANSWER, N8N_UNSUPPORTED,
    N8N_WORKFLOW_FAILED, UPSTREAM_MALFORMED.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        raise RelayError(Code.N8N_NO_ANSWER, "n8n sent an empty answer.")
    if is_page(text):
        raise RelayError(Code.UPSTREAM_MALFORMED, "A web page came instead of an answer: " + page_text(text))
    data = parse(text.encode())
    if data is NOT_JSON:
        if text.startswith("{"):
            raise RelayError(Code.UPSTREAM_MALFORMED, "The answer is not valid JSON: " + text)
        return text
    answer = find_text(data, asked)
    if not answer.strip():
        raise RelayError(Code.N8N_NO_ANSWER, "There is no text in the answer: " + text)
    return answer


def unwrap(text: str) -> str:
    """`text`, or the answer inside it if it is itself a JSON object with one (Respond to Webhook in a stream)."""
    if not text.lstrip().startswith("{"):
        return text
    data = parse(text.encode())
    if not isinstance(data, dict) or not any(key in data for key in ANSWER_KEYS):
        return text
    try:
        return find_text(data, {})
    except RelayError:
        return text


def find_text(data: Any, asked: Mapping[str, Any]) -> str:
    """Follows lists, known keys and lone keys down to a string; "" if there is none. Raises as `read_answer`."""
    for _ in range(_MAX_DEPTH):
        if isinstance(data, list):
            data = data[0] if data else None
        elif isinstance(data, dict):
            data = _without_request(data, asked)
            inner = _inside(data)
            if inner is data:
                return _pretty(data)
            data = inner
        elif isinstance(data, str):
            return unwrap(data)
        else:
            return "" if data is None else _pretty(data)
    return _pretty(data)


def _inside(item: dict[str, Any]) -> Any:
    """The value of `item` that carries the answer, None if it is empty, `item` itself if no value stands out."""
    if item.get("executionStarted"):
        raise RelayError(Code.N8N_UNSUPPORTED, "n8n answered executionStarted.")
    known = [item[key] for key in ANSWER_KEYS if key in item]
    if known:
        return next((value for value in known if value not in (None, "", [], {})), None)
    if error := item.get("error"):
        said = error.get("message") if isinstance(error, dict) else error
        raise RelayError(Code.N8N_WORKFLOW_FAILED, said if isinstance(said, str) else "")
    if len(item) == 1 and isinstance(value := next(iter(item.values())), str | list | dict):
        return value
    return item or None


def _without_request(item: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """`item` without the request it passes on. A Webhook node's item also carries our headers, credentials included."""
    body = item.get("body")
    if isinstance(body, dict) and _holds(body, asked):
        return {key: value for key, value in item.items() if key not in _WEBHOOK_ITEM}
    if _holds(item, asked):
        return {key: value for key, value in item.items() if key not in asked and key not in _ECHOED_ANYWAY}
    return item


def _holds(item: dict[str, Any], asked: Mapping[str, Any]) -> bool:
    return bool(asked) and all(item.get(key) == value for key, value in asked.items())


def _pretty(data: Any) -> str:
    """`data` as JSON; objects and lists indented, in a Markdown fence."""
    try:
        text = orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError as error:
        raise RelayError(Code.UPSTREAM_MALFORMED, "The answer is nested too deeply.") from error
    return f"```json\n{text}\n```" if isinstance(data, dict | list) else text
