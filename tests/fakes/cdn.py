"""Serves the stand-in element as one classic script, where the real one is `…/deployments/chatkit/chatkit.js`.

The element is written as ES modules and joined here: the embedding page loads a classic script, as with the real one,
and only a classic script knows its own address (`document.currentScript`).
"""

import json
import re
from functools import cache
from pathlib import Path

from aiohttp import web

from tests.fakes.observe import observed
from tests.fakes.state import STATE, State

ELEMENT = Path(__file__).parent / "element"
SCHEMA = ELEMENT / "options.schema.json"
_IMPORT = re.compile(r"^import (?:\{[^}]*\}|\w+) from \"\./([\w.-]+)\"[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}


def build(state: State) -> web.Application:
    app = web.Application(middlewares=[observed("cdn", lambda request, body: {}, lambda status: "")])
    app[STATE] = state
    app.router.add_get("/chatkit.js", _script)
    app.router.add_get("/deployments/chatkit/chatkit.js", _script)
    app.router.add_get("/options.schema.json", _schema)
    return app


@cache
def script() -> str:
    """All modules of the element, each once and after those it imports, in one function."""
    parts: dict[str, str] = {}
    _collect("element.js", parts)
    return '(() => {\n"use strict";\n' + "\n".join(parts.values()) + "})();\n"


def _collect(name: str, parts: dict[str, str]) -> None:
    if name in parts:
        return
    source = (ELEMENT / name).read_text()
    if name.endswith(".json"):
        parts[name] = f"const SCHEMA = {json.dumps(json.loads(source))};\n"
        return
    for imported in _IMPORT.findall(source):
        _collect(imported, parts)
    parts[name] = _EXPORT.sub("", _IMPORT.sub("", source))


async def _script(_: web.Request) -> web.Response:
    return web.Response(text=script(), content_type="text/javascript", charset="utf-8", headers=_HEADERS)


async def _schema(_: web.Request) -> web.Response:
    return web.Response(text=SCHEMA.read_text(), content_type="application/json", headers=_HEADERS)
