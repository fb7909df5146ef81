"""Who may call: API keys (and the beta header) for servers, client secrets for the frame."""

import time

from aiohttp import web

from tests.fakes.observe import Refusal
from tests.fakes.openai_rules import error_response
from tests.fakes.state import STATE, Key, Session

BETA = "chatkit_beta=v1"
DEMO_WORKFLOWS = frozenset({"wf_demo", "wf_demo_v01"})


def bearer(request: web.Request) -> str:
    """The token of the Authorization header, or ""."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else ""


def require_key(request: web.Request) -> Key:
    """The API key of the call. Refuses a missing or unknown one (401), then a missing beta header (400)."""
    text = bearer(request)
    if not text:
        message = "You didn't provide an API key. Provide it in an Authorization header, as in 'Bearer YOUR_KEY'."
        raise Refusal(error_response(401, message))
    key = request.config_dict[STATE].keys.get(text)
    if key is None and text.startswith(("sk-demo-", "sk-fail-")):
        key = Key("proj_demo", set(DEMO_WORKFLOWS))
    if key is None:
        raise Refusal(error_response(401, incorrect_key(text), code="invalid_api_key"))
    require_beta(request)
    return key


def require_beta(request: web.Request) -> None:
    if BETA not in (part.strip() for part in request.headers.get("OpenAI-Beta", "").split(",")):
        message = f"You must provide the 'OpenAI-Beta' header to access the ChatKit API: 'OpenAI-Beta: {BETA}'."
        raise Refusal(error_response(400, message, code="invalid_beta"))


def require_session(request: web.Request) -> Session:
    """The session whose client secret the frame sends. Refuses unknown, expired and cancelled ones (401), and more
    calls in a minute than the session allows (429)."""
    session = request.config_dict[STATE].secrets.get(bearer(request))
    now = time.time()
    if session is None or session.answer["status"] != "active" or session.answer["expires_at"] <= now:
        raise Refusal(error_response(401, "The client secret is missing, expired or cancelled.", code="invalid_token"))
    while session.calls and session.calls[0] <= now - 60:
        session.calls.popleft()
    if len(session.calls) >= session.answer["max_requests_per_1_minute"]:
        message = "You've sent too many requests. Please wait a moment."
        raise Refusal(error_response(429, message, kind="requests", code="rate_limit_exceeded"))
    session.calls.append(now)
    return session


def incorrect_key(key: str) -> str:
    """The text of a 401, which repeats a fragment of the key."""
    fragment = "*" * len(key) if len(key) < 12 else f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}"
    return f"Incorrect API key provided: {fragment}. Check it at https://platform.openai.com/account/api-keys."
