"""OpenAI's session calls: `POST /v1/chatkit/sessions` and `…/{id}/cancel`, beta header `chatkit_beta=v1`.

Source: OpenAI's OpenAPI 2.3.0 (CreateChatSessionBody). Every failure becomes one of our codes; OpenAI's own text
goes to the widget's owner only.
"""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from core.breaker import Breaker
from core.codes import Code
from core.crypto import Secret
from core.outbound import OutboundError, Response, provider, send
from widgets.types.chatkit.configuration import Attachments
from widgets.types.chatkit.connection import ChatKitConnection

DEADLINE = 10.0  # seconds for all tries together
PATIENCE = 2.0  # the longest Retry-After worth waiting for
MAX_BYTES = 256 * 1024
_RETRYABLE = {408, 409, 429}

breaker = Breaker()


@dataclass(frozen=True, slots=True)
class UpstreamSession:
    id: str
    client_secret: Secret
    expires_at: int  # unix seconds


class OpenAIRefused(Exception):
    """`code` for everyone, `detail` (OpenAI's own text) for the owner, `retry_after` in seconds."""

    def __init__(self, code: Code, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(code.value)
        self.code, self.detail, self.retry_after = code, detail, retry_after


def session_body(*, user: str, connection: ChatKitConnection, attachments: Attachments, seconds: int) -> dict[str, Any]:
    """The request body; what is not set is left out, for OpenAI refuses empty values and unknown names.

    `attachments`: what the composer takes, the session takes. `seconds`: how long the session lasts, 1 to 600.
    """
    workflow = {"id": connection.workflow_id}
    if connection.workflow_version:
        workflow["version"] = connection.workflow_version
    upload: dict[str, Any] = {"enabled": attachments.enabled}
    if attachments.enabled:
        upload |= {"max_file_size": attachments.max_mb, "max_files": connection.max_files}
    history: dict[str, Any] = {"enabled": connection.keep_history}
    if connection.keep_history and connection.recent_threads:
        history["recent_threads"] = connection.recent_threads
    return {
        "user": user,
        "workflow": workflow,
        "expires_after": {"anchor": "created_at", "seconds": seconds},
        "rate_limits": {"max_requests_per_1_minute": connection.requests_per_minute},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": connection.title_threads},
            "file_upload": upload,
            "history": history,
        },
    }


async def create_session(*, base_url: str, key: Secret, body: Mapping[str, Any], caller: str) -> UpstreamSession:
    """Ask for a session; at most one retry, ten seconds in all. `caller` names the widget to the circuit breaker.

    Making one twice is harmless: the spare one expires. Raises OpenAIRefused.
    """
    if not breaker.allows(caller):
        raise OpenAIRefused(Code.UPSTREAM_PAUSED)
    ends = time.monotonic() + DEADLINE
    for last_try in (False, True):
        try:
            response = await _post(f"{base_url}/chatkit/sessions", key, body, ends - time.monotonic())
        except OutboundError as error:
            breaker.record(caller, ok=False)
            if last_try or error.code is Code.UPSTREAM_TIMEOUT:
                raise OpenAIRefused(error.code, str(error)) from None
            await asyncio.sleep(random.uniform(0.3, 1.0))  # noqa: S311
            continue
        breaker.record(caller, ok=response.status < 500)
        wait = _wait(response)
        if last_try or wait is None or time.monotonic() + wait >= ends - 1:
            return _read(response)
        await asyncio.sleep(wait)
    raise AssertionError("unreachable")


async def cancel_session(*, base_url: str, key: Secret, session_id: str) -> bool:
    """True when the session is over, also because OpenAI no longer knows it. Raises OutboundError."""
    response = await _post(f"{base_url}/chatkit/sessions/{session_id}/cancel", key, None, DEADLINE)
    return response.status in {200, 404}


async def verify_domain(*, base_url: str, session: UpstreamSession, origin: str) -> bool | None:
    """Whether OpenAI lets ChatKit run on this origin: what its own frame asks first. None: no clear answer.

    Raises OutboundError.
    """
    body = {"referrer_origin": origin}
    response = await _post(f"{base_url}/chatkit/domain_keys/verify_hosted", session.client_secret, body, DEADLINE)
    try:
        data = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        data = None
    match data:
        case {"verified": bool(verified)} if response.status == 200:
            return verified
    return False if response.status in {400, 404} else None  # as chatkit.js takes it


async def _post(url: str, key: Secret, body: Mapping[str, Any] | None, deadline: float) -> Response:
    headers = {
        "Authorization": f"Bearer {key.reveal()}",
        "OpenAI-Beta": "chatkit_beta=v1",
        "Content-Type": "application/json",
    }
    content = orjson.dumps(body) if body is not None else None
    return await send(provider(), "POST", url, headers=headers, content=content, deadline=deadline, max_bytes=MAX_BYTES)


def _wait(response: Response) -> float | None:
    """Seconds until a retry is worth it; None when it is not."""
    wished = response.headers.get("x-should-retry")
    retryable = response.status in _RETRYABLE or response.status >= 500
    if not (wished == "true" or (retryable and wished != "false")):
        return None
    asked = _retry_after(response)
    if asked is None:
        return random.uniform(0.3, 1.0)  # noqa: S311
    return asked if asked <= PATIENCE else None


def _retry_after(response: Response) -> float | None:
    try:
        if "retry-after-ms" in response.headers:
            return max(0.0, float(response.headers["retry-after-ms"]) / 1000)
        return max(0.0, float(response.headers["retry-after"])) if "retry-after" in response.headers else None
    except ValueError:
        return None  # an HTTP date: not worth the wait of a visitor


def _read(response: Response) -> UpstreamSession:
    try:
        data = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        data = None
    if response.status != 200:
        raise OpenAIRefused(_code(response.status), _text(data), _retry_after(response))
    match data:
        case {"id": str(id), "client_secret": str(secret), "expires_at": int(expires_at)}:
            return UpstreamSession(id, Secret(secret), expires_at)
    raise OpenAIRefused(Code.UPSTREAM_MALFORMED, "The answer is not a ChatKit session.")


def _code(status: int) -> Code:
    known = {
        400: Code.OPENAI_BAD_REQUEST,
        401: Code.OPENAI_INVALID_KEY,
        403: Code.OPENAI_FORBIDDEN,
        404: Code.OPENAI_WORKFLOW_NOT_FOUND,
        408: Code.UPSTREAM_TIMEOUT,
        429: Code.OPENAI_BUSY,
    }
    return known.get(status, Code.UPSTREAM_ERROR)


def _text(data: Any) -> str:
    match data:
        case {"error": {"message": str(message)}}:
            return message
    return ""
