"""The middleware of every fake: writes down what came in, and misbehaves when told to."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.fakes.behaviour import perform
from tests.fakes.state import STATE, Received

Facts = Callable[[web.Request, Any], dict[str, str]]

BODY: web.RequestKey[Any] = web.RequestKey("body", object)


class Refusal(Exception):
    """A handler's way out with an error answer."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


def observed(fake: str, facts: Facts, own_error: Callable[[int], Any]) -> Middleware:
    """`facts(request, body)` names what a rule may match beside method and path; `own_error(status)` is the fake's
    error body. The parsed body is left for the handler in `request[BODY]`."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "OPTIONS":  # a preflight is the browser's, not a call
            return await handler(request)
        state = request.config_dict[STATE]
        body = request[BODY] = await read_body(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        state.received.append(Received(fake, request.method, request.path, dict(request.query), headers, body))
        described = {"method": request.method, "path": request.path} | facts(request, body)
        behaviour = state.behaviour_for(fake, described)
        if behaviour is not None:
            response = await perform(behaviour, request, own_error(behaviour.status or 500))
            if response is not None:
                return response
        try:
            return await handler(request)
        except Refusal as refusal:
            return refusal.response
        except ConnectionResetError:
            return web.Response()  # the client left while the answer streamed: nobody reads this

    return middleware


async def read_body(request: web.Request) -> Any:
    """JSON parsed, other text as it is, a form as its fields and the facts of its files; None for an empty body
    or a form that is not one."""
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        try:
            return await _read_form(request)
        except ValueError:
            return None
    text = (await request.read()).decode("utf-8", "replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


async def _read_form(request: web.Request) -> dict[str, Any]:
    form: dict[str, Any] = {"fields": {}, "files": []}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            size = value.file.seek(0, 2)
            kind = {"filename": value.filename, "content_type": value.content_type, "size": size}
            form["files"].append({"name": name} | kind)
        else:
            form["fields"][name] = value
    return form
