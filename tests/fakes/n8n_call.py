"""One call to a webhook of the n8n stand-in, and the answers it gives before a workflow runs."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.behaviour import reset_connection
from tests.fakes.observe import BODY, Refusal

JSON_LIMIT = 16 * 1024 * 1024
BASIC = base64.b64encode(b"demo:pass:word").decode()  # a colon in the password is allowed
HEADER = ("X-Api-Key", "demo-header-secret")


@dataclass(frozen=True, slots=True)
class Call:
    """What the workflow sees. `body` is the JSON or the form's fields; files are facts, not bytes."""

    mode: str
    plain_webhook: bool  # a Webhook node: knows nothing of chats
    body: dict[str, Any]
    files: list[dict[str, Any]]
    is_json: bool

    @property
    def text(self) -> str:
        return str(self.body.get("chatInput", ""))

    @property
    def session(self) -> str:
        return str(self.body.get("sessionId", ""))

    @property
    def loads_history(self) -> bool:
        """Only a Chat Trigger understands this, and only as JSON; anything else runs the workflow."""
        return self.is_json and not self.plain_webhook and self.body.get("action") == "loadPreviousSession"


def read_call(request: web.Request, *, plain_webhook: bool) -> Call:
    """Refuses what n8n's body parser refuses: invalid JSON (422), JSON above 16 MB and other content types (500)."""
    body, mode = request[BODY], request.match_info["mode"]
    if body is None:
        return Call(mode, plain_webhook, {}, [], is_json=True)
    if request.content_type == "multipart/form-data":
        return Call(mode, plain_webhook, body["fields"], body["files"], is_json=False)
    if request.content_type == "application/x-www-form-urlencoded":
        return Call(mode, plain_webhook, body["fields"], [], is_json=False)
    if request.content_type != "application/json" or (request.content_length or 0) > JSON_LIMIT:
        raise Refusal(problem(500, "Internal Server Error", code=0))
    if not isinstance(body, dict):
        raise Refusal(unparsable())
    return Call(mode, plain_webhook, body, [], is_json=True)


def problem(status: int, message: str, *, code: int | None = None, **more: str) -> web.Response:
    return web.json_response({"code": status if code is None else code, "message": message, **more}, status=status)


def unparsable() -> web.Response:
    return problem(422, "Failed to parse request body", hint="Unexpected token in JSON")


def not_registered(request: web.Request) -> web.Response:
    path = request.path.partition("/webhook/")[2]
    if request.method not in ("GET", "POST"):
        return problem(
            404, f"This webhook is not registered for {request.method} requests. Did you mean to make a POST?"
        )
    message = f'The requested webhook "{request.method} {path}" is not registered.'
    return problem(404, message, hint="The workflow must be active for a production URL to run successfully.")


def refused_before_run(request: web.Request) -> web.Response | None:
    """The answer of modes that never reach a workflow, whatever the body says; None lets the call through."""
    gate = _GATES.get(request.match_info["mode"])
    return gate(request) if gate else None


def _unauthorized(status: int, message: str) -> web.Response:
    return web.Response(status=status, text=message, headers={"WWW-Authenticate": 'Basic realm="Webhook"'})


def _basic_auth(request: web.Request) -> web.Response | None:
    given = request.headers.get("Authorization")
    if given is None:
        return _unauthorized(401, "Authorization is required!")
    return None if given == f"Basic {BASIC}" else _unauthorized(403, "Authorization data is wrong!")


def _header_auth(request: web.Request) -> web.Response | None:
    name, value = HEADER
    return None if request.headers.get(name) == value else _unauthorized(403, "Authorization data is wrong!")


def _n8n_user(_: web.Request) -> web.Response:
    return web.Response(status=401, text="User not authenticated!")


def _not_public(_: web.Request) -> web.Response:
    return web.Response(status=404)


def _invalid_json(_: web.Request) -> web.Response:
    return unparsable()


def _too_big(_: web.Request) -> web.Response:
    return problem(413, "The request is larger than the limit of this server.")


def _reset(request: web.Request) -> web.Response:
    return reset_connection(request)


def _redirect(request: web.Request) -> web.Response:
    """Towards a mode that answers: following it would look like success."""
    target = request.path.replace("redirect", "echo-json")
    return web.Response(status=307, headers={"Location": target})


_GATES: dict[str, Callable[[web.Request], web.Response | None]] = {
    "basic-auth": _basic_auth,
    "header-auth": _header_auth,
    "n8n-user": _n8n_user,
    "inactive": not_registered,
    "public-false": _not_public,
    "invalid-json": _invalid_json,
    "too-big": _too_big,
    "reset": _reset,
    "redirect": _redirect,
}
