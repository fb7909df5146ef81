"""The control plane of the stand-ins, for tests: `/_control/…`, JSON in and out.

POST   behave      {"fake", "match"?: {…}, "do": "<preset>" | {"status", "body", "headers", "delay", "fault"}, "times"?}
POST   configure   {"token_pause"?, "slow_pause"?, "keys"?, "domains"?, "authorization"?, "user_header"?}
GET    requests    ?fake=…&path=… → {"requests": [{fake, method, path, query, headers, body}]}, oldest first
GET    executions  → {"<mode>": n, "webhook:<mode>": n}
GET    sessions    → {"sessions": [ChatSession]}, oldest first
POST   reset       forget everything
"""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.fakes.behaviour import Behaviour, preset
from tests.fakes.state import STATE, Key, Rule, State

FAKES = ("openai", "n8n", "chatkit-server", "cdn")
_SETTINGS = {"token_pause", "slow_pause", "authorization", "user_header"}


def build(state: State) -> web.Application:
    app = web.Application()
    app[STATE] = state
    app.router.add_post("/behave", behave)
    app.router.add_post("/configure", configure)
    app.router.add_get("/requests", requests)
    app.router.add_get("/executions", executions)
    app.router.add_get("/sessions", sessions)
    app.router.add_post("/reset", reset)
    return app


async def behave(request: web.Request) -> web.Response:
    body = await request.json()
    if body.get("fake") not in FAKES:
        return web.json_response({"error": f"fake must be one of {FAKES}"}, status=400)
    try:
        behaviour = preset(body["do"]) if isinstance(body["do"], str) else Behaviour(**body["do"])
    except (ValueError, TypeError, KeyError) as error:
        return web.json_response({"error": str(error)}, status=400)
    rule = Rule(body["fake"], body.get("match", {}), behaviour, body.get("times"))
    request.config_dict[STATE].rules.append(rule)
    return web.json_response({})


async def configure(request: web.Request) -> web.Response:
    """`keys` adds API keys: {"sk-…": {"project": "proj_a", "workflows": ["wf_1"]}}; `domains`: origins, or null."""
    state = request.config_dict[STATE]
    body: dict[str, Any] = await request.json()
    unknown = body.keys() - _SETTINGS - {"keys", "domains"}
    if unknown:
        return web.json_response({"error": f"unknown: {sorted(unknown)}"}, status=400)
    for name in _SETTINGS & body.keys():
        setattr(state, name, body[name])
    for text, key in body.get("keys", {}).items():
        state.keys[text] = Key(key["project"], set(key["workflows"]))
    if "domains" in body:
        state.domains = None if body["domains"] is None else set(body["domains"])
    return web.json_response({})


async def requests(request: web.Request) -> web.Response:
    fake, path = request.query.get("fake"), request.query.get("path", "")
    found = request.config_dict[STATE].received_by(fake, path)
    return web.json_response({"requests": [asdict(one) for one in found]})


async def executions(request: web.Request) -> web.Response:
    return web.json_response(dict(request.config_dict[STATE].executions))


async def sessions(request: web.Request) -> web.Response:
    answers = [session.answer for session in request.config_dict[STATE].sessions.values()]
    return web.json_response({"sessions": answers})


async def reset(request: web.Request) -> web.Response:
    request.config_dict[STATE].reset()
    return web.json_response({})
