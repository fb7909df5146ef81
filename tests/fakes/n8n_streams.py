"""The modes of the n8n stand-in that stream: one JSON object per line, labelled application/json."""

import asyncio
import json
import random
import time

from aiohttp import web

from tests.fakes.answers import tokens_of
from tests.fakes.behaviour import HANG_SECONDS
from tests.fakes.n8n_call import Call
from tests.fakes.n8n_replies import Reply, demo_answer
from tests.fakes.state import STATE

_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-cache, no-transform"}


class Stream:
    """An open streaming answer. Node and run name the bubble that a line belongs to."""

    def __init__(self, response: web.StreamResponse) -> None:
        self.response = response

    async def line(self, kind: str, content: str | None = None, *, node: str = "AI Agent", run: int = 0) -> None:
        metadata = {
            "nodeId": f"node-{node.lower().replace(' ', '-')}",
            "nodeName": node,
            "itemIndex": 0,
            "runIndex": run,
            "timestamp": int(time.time() * 1000),
        }
        has_content = {} if kind in ("begin", "end") else {"content": content}
        await self.raw(json.dumps({"type": kind, **has_content, "metadata": metadata}) + "\n")

    async def raw(self, text: str) -> None:
        await self.response.write(text.encode())

    async def say(self, text: str, *, pause: float = 0.0, node: str = "AI Agent", run: int = 0) -> None:
        """One bubble, token by token."""
        await self.line("begin", node=node, run=run)
        for token in tokens_of(text):
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))
            await self.line("item", token, node=node, run=run)
        await self.line("end", node=node, run=run)


async def _open(request: web.Request) -> Stream:
    """Headers go out at once, before the workflow has said anything."""
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    return Stream(response)


async def _demo(request: web.Request, call: Call) -> web.StreamResponse:
    stream = await _open(request)
    await stream.say(demo_answer(request, call), pause=request.config_dict[STATE].token_pause)
    return stream.response


async def _two_nodes(request: web.Request, call: Call) -> web.StreamResponse:
    """An agent, a keep-alive, a blank line as old versions send it, then a second node."""
    pause = request.config_dict[STATE].token_pause
    stream = await _open(request)
    await stream.say(f"You said: {call.text}", pause=pause)
    await stream.raw('{"type":"keepalive"}\n\n')
    await stream.say("And this is the second node.", pause=pause, node="Summary Agent")
    return stream.response


async def _respond(request: web.Request, call: Call) -> web.StreamResponse:
    """Respond to Webhook in a streaming workflow: one whole item, its JSON as a string."""
    stream = await _open(request)
    node = "Respond to Webhook"
    await stream.line("begin", node=node)
    await stream.line("item", json.dumps({"output": f"You said: {call.text}", "n": 3}), node=node)
    await stream.line("end", node=node)
    return stream.response


async def _empty(request: web.Request, call: Call) -> web.StreamResponse:
    return (await _open(request)).response


async def _error(request: web.Request, call: Call) -> web.StreamResponse:
    """An agent's error carries the model provider's text, comes after `begin`, and no `end` follows."""
    stream = await _open(request)
    await stream.line("begin")
    await stream.line("item", "I was about to ")
    await stream.line("error", "The model provider answered: insufficient quota")
    return stream.response


async def _error_null(request: web.Request, call: Call) -> web.StreamResponse:
    stream = await _open(request)
    await stream.line("error", None, node="Code")
    return stream.response


async def _hang(request: web.Request, call: Call) -> web.StreamResponse:
    """A workflow timeout mid-stream: n8n neither ends the answer nor sends keep-alives."""
    stream = await _open(request)
    await stream.line("begin")
    await stream.line("item", "I was about to ")
    await asyncio.sleep(HANG_SECONDS)
    return stream.response


async def _slow(request: web.Request, call: Call) -> web.StreamResponse:
    stream = await _open(request)
    await stream.say(f"You said: {call.text}", pause=request.config_dict[STATE].slow_pause)
    return stream.response


async def _keepalive(request: web.Request, call: Call) -> web.StreamResponse:
    """Nothing but keep-alives for a while, then the answer."""
    stream = await _open(request)
    for _ in range(3):
        await asyncio.sleep(request.config_dict[STATE].slow_pause)
        await stream.raw('{"type":"keepalive"}\n')
    await stream.say(f"You said: {call.text}")
    return stream.response


async def _huge(request: web.Request, call: Call) -> web.StreamResponse:
    """A stream that never ends."""
    stream = await _open(request)
    await stream.line("begin")
    while True:
        await stream.line("item", "endless " * 128)


STREAMS: dict[str, Reply] = {
    "demo": _demo,
    "stream": _two_nodes,
    "stream-respond": _respond,
    "stream-empty": _empty,
    "stream-error": _error,
    "stream-error-null": _error_null,
    "stream-hang": _hang,
    "stream-slow": _slow,
    "stream-keepalive": _keepalive,
    "stream-huge": _huge,
}
