"""A stand-in for n8n 2.x. The path selects the workflow: `/webhook/<mode>/chat` is a Chat Trigger,
`/webhook/<mode>` a plain Webhook node. Modes are the names in `REPLIES`, `STREAMS` and the gates of `n8n_call`.

What each mode answers was observed on n8n 2.41: status, body, content type and order of lines.
Executions are counted per mode ("<mode>" and "webhook:<mode>"): each one may cost the workflow's owner money.
"""

from typing import Any

from aiohttp import web

from tests.fakes.n8n_call import Call, not_registered, problem, read_call, refused_before_run
from tests.fakes.n8n_replies import REPLIES
from tests.fakes.n8n_streams import STREAMS
from tests.fakes.observe import observed
from tests.fakes.state import STATE, State

_REMEMBERING = frozenset({"memory", "demo"})
_RUNS = REPLIES | STREAMS


def build(state: State) -> web.Application:
    app = web.Application(middlewares=[observed("n8n", _facts, own_error)])
    app[STATE] = state
    app.router.add_post("/webhook/{mode}/chat", chat_trigger)
    app.router.add_get("/webhook/{mode}/chat", chat_get, allow_head=False)
    app.router.add_post("/webhook/{mode}", webhook_node)
    app.router.add_route("*", "/{rest:.*}", _not_registered)
    return app


def own_error(status: int) -> dict[str, Any]:
    return {"code": status, "message": f"n8n answered {status} on purpose."}


async def chat_trigger(request: web.Request) -> web.StreamResponse:
    return await _serve(request, plain_webhook=False)


async def webhook_node(request: web.Request) -> web.StreamResponse:
    """It knows no actions: `loadPreviousSession` runs the workflow like anything else."""
    return await _serve(request, plain_webhook=True)


async def chat_get(request: web.Request) -> web.StreamResponse:
    """A GET starts an execution with an empty item, and answers this odd text."""
    if request.match_info["mode"] not in _RUNS:
        return not_registered(request)
    request.config_dict[STATE].executions[request.match_info["mode"]] += 1
    return web.Response(text="firstEntryJson")


async def _serve(request: web.Request, *, plain_webhook: bool) -> web.StreamResponse:
    refused = refused_before_run(request)
    if refused is not None:
        return refused
    call = read_call(request, plain_webhook=plain_webhook)
    run = _RUNS.get(call.mode)
    if run is None:
        return not_registered(request)
    if call.loads_history:
        return _history(request, call)
    name = f"webhook:{call.mode}" if plain_webhook else call.mode
    request.config_dict[STATE].executions[name] += 1
    return await run(request, call)


def _history(request: web.Request, call: Call) -> web.Response:
    """No execution. A trigger without a memory answers an empty list, one with a memory that is not wired fails."""
    if call.mode == "memory-unwired":
        return problem(500, "Workflow Webhook Error: Workflow could not be started!", code=0)
    memories = request.config_dict[STATE].memories
    messages = memories.get((call.mode, call.session), []) if call.mode in _REMEMBERING else []
    return web.json_response({"data": messages})


def _facts(request: web.Request, _: Any) -> dict[str, str]:
    return {"mode": request.match_info.get("mode", "")}


async def _not_registered(request: web.Request) -> web.StreamResponse:
    return not_registered(request)
