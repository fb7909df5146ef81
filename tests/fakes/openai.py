"""A stand-in for OpenAI's ChatKit REST API (base path /v1), as strict as the real one.

Contract: OpenAPI document of openai/openai-openapi (CreateChatSessionBody, ChatSessionResource, ErrorResponse).
Good by default: any key `sk-demo-…` with the workflows `wf_demo` and `wf_demo_v01` (secret format v01).
Failing on purpose: keys `sk-fail-<preset>` and workflows `wf_fail_<preset>`, presets as in `behaviour.preset`.
"""

import base64
import json
import secrets
import time
from typing import Any

from aiohttp import web

from tests.fakes import openai_frame, openai_threads
from tests.fakes.behaviour import perform, preset
from tests.fakes.observe import BODY, observed
from tests.fakes.openai_auth import bearer, incorrect_key, require_key
from tests.fakes.openai_rules import CREATE_SESSION, error_body, error_response
from tests.fakes.state import STATE, Key, Session, State

_TEXTS = {
    403: ("You do not have access to this resource.", "invalid_request_error", None),
    404: ("The requested resource was not found.", "invalid_request_error", None),
    408: ("The request timed out.", "timeout", None),
    409: ("The resource is being changed by another request.", "conflict_error", None),
    429: ("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    503: ("The engine is currently overloaded, please try again later.", "service_unavailable_error", None),
}


def build(state: State) -> web.Application:
    app = web.Application(middlewares=[observed("openai", _facts, own_error)])
    app[STATE] = state
    app.on_response_prepare.append(_add_request_id)
    app.router.add_post("/chatkit/sessions", create_session)
    app.router.add_post("/chatkit/sessions/{session_id}/cancel", cancel_session)
    openai_threads.add_routes(app)
    openai_frame.add_routes(app)
    app.router.add_route("*", "/{rest:.*}", _invalid_url)
    return app


def own_error(status: int, *, key: str = "") -> dict[str, Any]:
    if status == 401:
        return error_body(incorrect_key(key), kind="invalid_request_error", code="invalid_api_key")
    server_error = ("The server had an error while processing your request.", "server_error", None)
    message, kind, code = _TEXTS.get(status, server_error)
    return error_body(message, kind=kind, code=code)


async def create_session(request: web.Request) -> web.StreamResponse:
    key = require_key(request)
    failed = await _fail_on_purpose(request, bearer(request), "sk-fail-")
    if failed is not None:
        return failed
    body = request[BODY]
    if not isinstance(body, dict):
        return error_response(400, "We could not parse the JSON body of your request.")
    CREATE_SESSION.check(body, "")
    workflow_id = body["workflow"]["id"]
    failed = await _fail_on_purpose(request, workflow_id, "wf_fail_")
    if failed is not None:
        return failed
    if workflow_id not in key.workflows:
        return error_response(404, f"Workflow with id '{workflow_id}' not found.")
    return web.json_response(_new_session(request.config_dict[STATE], key, body))


async def cancel_session(request: web.Request) -> web.StreamResponse:
    key = require_key(request)
    session_id = request.match_info["session_id"]
    session = request.config_dict[STATE].sessions.get(session_id)
    if session is None or session.project != key.project:
        return error_response(404, f"Chatkit Session with id \u2018{session_id}\u2019 not found.")
    if session.answer["expires_at"] <= time.time():
        session.answer["status"] = "expired"
    else:
        session.answer["status"] = "cancelled"
    return web.json_response(session.answer)


async def _fail_on_purpose(request: web.Request, name: str, prefix: str) -> web.StreamResponse | None:
    if not name.startswith(prefix):
        return None
    try:
        behaviour = preset(name.removeprefix(prefix))
    except ValueError:
        return None
    if behaviour.fault == "no-secret":
        return web.json_response({"id": "cksess_none", "object": "chatkit.session", "status": "active"})
    return await perform(behaviour, request, own_error(behaviour.status or 500, key=bearer(request)))


def _new_session(state: State, key: Key, body: dict[str, Any]) -> dict[str, Any]:
    """The ChatSession object, every key present; the session is stored under its id and its secret."""
    seconds = body.get("expires_after", {}).get("seconds", 600)
    expires_at = int(time.time()) + seconds
    limit = body.get("rate_limits", {}).get("max_requests_per_1_minute", 10)
    answer = {
        "id": f"cksess_{secrets.token_hex(24)}",
        "object": "chatkit.session",
        "client_secret": client_secret(expires_at, version="01" if body["workflow"]["id"].endswith("_v01") else "00"),
        "expires_at": expires_at,
        "user": body["user"],
        "status": "active",
        "max_requests_per_1_minute": limit,
        "rate_limits": {"max_requests_per_1_minute": limit},
        "workflow": {
            "id": body["workflow"]["id"],
            "version": body["workflow"].get("version"),
            "state_variables": body["workflow"].get("state_variables"),
            "tracing": {"enabled": body["workflow"].get("tracing", {}).get("enabled", True)},
        },
        "chatkit_configuration": _configuration(body.get("chatkit_configuration", {})),
    }
    session = Session(key.project, answer)
    state.sessions[answer["id"]] = state.secrets[answer["client_secret"]] = session
    return answer


def _configuration(given: dict[str, Any]) -> dict[str, Any]:
    upload = {"enabled": False, "max_file_size": 512, "max_files": 10} | given.get("file_upload", {})
    if not upload["enabled"]:
        upload |= {"max_file_size": None, "max_files": None}
    return {
        "automatic_thread_titling": {"enabled": True} | given.get("automatic_thread_titling", {}),
        "file_upload": upload,
        "history": {"enabled": True, "recent_threads": None} | given.get("history", {}),
    }


def client_secret(expires_at: int, *, version: str = "00") -> str:
    """The format that the browser parses: text, "_", version, base64 of the claims."""
    claims: dict[str, Any] = {"expires_at": expires_at}
    if version == "01":
        claims["data_locality"] = "US"
    return f"ek_{secrets.token_hex(16)}_{version}{base64.b64encode(json.dumps(claims).encode()).decode()}"


def _facts(request: web.Request, body: Any) -> dict[str, str]:
    facts = {"key": bearer(request)}
    if isinstance(body, dict):
        facts["user"] = str(body.get("user", ""))
        facts["type"] = str(body.get("type", ""))
        if isinstance(body.get("workflow"), dict):
            facts["workflow"] = str(body["workflow"].get("id", ""))
    return facts


async def _add_request_id(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["x-request-id"] = f"req_{secrets.token_hex(16)}"


async def _invalid_url(request: web.Request) -> web.StreamResponse:
    return error_response(404, f"Invalid URL ({request.method} /v1/{request.match_info['rest']})")
