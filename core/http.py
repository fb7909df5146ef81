"""JSON in and out of the public views."""

import math
from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from core.codes import MEANINGS, Code

ERROR_HEADER = "X-Chatdock-Error"  # the code, also where the body is a stream


class BadRequest(Exception):
    """The request cannot be read; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(data),
        content_type="application/json",
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def error_response(code: Code, *, retry_after: float | None = None) -> HttpResponse:
    """`{"error": {"code", "message", "retry_after"?}}`, with whole seconds in the body and in Retry-After."""
    meaning = MEANINGS[code]
    error: dict[str, Any] = {"code": code, "message": meaning.say}
    if retry_after is None:
        return json_response({"error": error}, meaning.status, {ERROR_HEADER: code.value})
    error["retry_after"] = max(1, math.ceil(retry_after))
    headers = {ERROR_HEADER: code.value, "Retry-After": str(error["retry_after"])}
    return json_response({"error": error}, meaning.status, headers)


async def receive_body(request: HttpRequest) -> None:
    """An upload's body, which the lane leaves with the client until a view asks for it here; others are there already.

    Raises what the lane answers: RequestDataTooBig, RequestAborted.
    """
    receive = getattr(request, "receive_body", None)
    if receive is not None:
        await receive()


def read_json(request: HttpRequest, *, limit: int = 65536) -> dict[str, Any]:
    """The JSON object in the body, of at most `limit` bytes. Raises BadRequest."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise BadRequest(Code.TOO_LARGE) from error
    if len(body) > limit:
        raise BadRequest(Code.TOO_LARGE)
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(Code.BAD_REQUEST) from error
    if not isinstance(data, dict):
        raise BadRequest(Code.BAD_REQUEST)
    return data
