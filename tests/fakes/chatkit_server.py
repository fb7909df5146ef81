"""A stand-in for a tenant's own ChatKit server: one URL that speaks the ChatKit protocol (see `protocol`).

It demands the Authorization header that the control plane sets, and knows visitors by a header (`State.user_header`)
or by `metadata.user`: whose threads these are is between the relay and the tenant, the protocol does not say.
"""

from typing import Any

from aiohttp import web

from tests.fakes import protocol
from tests.fakes.observe import BODY, observed
from tests.fakes.state import STATE, State


def build(state: State) -> web.Application:
    app = web.Application(middlewares=[observed("chatkit-server", _facts, own_error)])
    app[STATE] = state
    app.router.add_post("", converse)
    return app


def own_error(status: int) -> dict[str, Any]:
    return {"message": f"The server answered {status} on purpose."}


async def converse(request: web.Request) -> web.StreamResponse:
    state = request.config_dict[STATE]
    if state.authorization is not None and request.headers.get("Authorization") != state.authorization:
        return web.json_response({"message": "Unauthorized"}, status=401)
    owner = ("chatkit-server", _user(request, state.user_header))
    return await protocol.answer(
        request, protocol.Conversation(state.custom_threads, owner, token_pause=state.token_pause)
    )


def _user(request: web.Request, header: str) -> str:
    metadata = request[BODY].get("metadata") if isinstance(request[BODY], dict) else None
    named = metadata.get("user", "") if isinstance(metadata, dict) else ""
    return request.headers.get(header) or str(named)


def _facts(request: web.Request, body: Any) -> dict[str, str]:
    kind = str(body.get("type", "")) if isinstance(body, dict) else ""
    return {"type": kind, "authorization": request.headers.get("Authorization", "")}
