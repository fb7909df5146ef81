"""A site and an embed host for tests of the loader, without the product.

The site is http://localhost, the embed host http://127.0.0.1: two sites to the browser. The frame page is a few lines
on top of the real modules of static/frame/, so both ends of the handshake are the product's own.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core.codes import Code
from embed.assets import PREFIX, ROOT, find_asset
from embed.loader import render_loader, render_refusal

CONFIG: dict[str, Any] = {
    "f": "/frame",
    "l": {
        "label": "Chat with us", "text": "", "icon": "chat", "color": "#4338ca", "ink": "#ffffff", "size": 60,
        "side": "right", "x": 20, "y": 20, "z": 2147483000, "radius": 30,
    },
    "win": {"w": 400, "h": 640},
    "t": None,
    "open": {},
    "lang": "en",
    "dir": "ltr",
}  # fmt: skip
BOOT = {"license": "lic_1", "widget": "wgt_1", "pageToken": "page", "parentOrigin": None, "page": False, "strings": {}}
BOOT_TAG = f'<script type="application/json" id="boot">{json.dumps(BOOT | {"api": {"events": "/api/events"}})}</script>'

# `told` is what the host page said, in order.
FRAME = f"""<!doctype html><html lang="en"><title>Chat</title>{BOOT_TAG}
<body style="margin:0;background:#f5f7ff;font:16px system-ui"><h1 style="margin:16px">Chat</h1>
<input aria-label="Message"><script type="module">
import {{ claims }} from "/static/frame/api.js";
import {{ connect }} from "/static/frame/port.js";
window.told = [];
window.claims = claims;
const note = (name) => (value) => told.push(value === undefined ? name : [name, value]);
window.port = connect({{
  connected: (origin, mode) => told.push(["connected", mode]),
  shown: note("shown"), hidden: note("hidden"),
  send: note("send"), prefill: note("prefill"), identify: note("identify"),
  focus: () => {{ told.push("focus"); document.querySelector("input").focus(); }},
}});
addEventListener("keydown", ({{ key }}) => key === "Escape" && port.close());
port.ready();
</script>"""
REFUSED = """<!doctype html><html lang="en"><title>No chat</title><body><p>This chat is not set up for this website.</p>
<script>setInterval(() => parent.postMessage(
  { chatdock: 1, type: "refused", code: "domain_not_allowed", message: "Add it under Domains." }, "*"), 50)</script>"""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>'
SILENT = '<!doctype html><html lang="en"><title>Nothing</title>'


class World:
    """`pages` of the site by path: (HTML, headers). `asked` are the paths that the embed host was asked for."""

    def __init__(self, site: str, embed: str) -> None:
        self.site, self.embed = site, embed
        self.reset()

    def reset(self) -> None:
        self.config = deepcopy(CONFIG)
        self.frame = FRAME
        self.refusal: Code | None = None
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.asked: list[str] = []

    def tag(self, more: str = "") -> str:
        return f'<script async src="{self.embed}/chat-widget.js" referrerpolicy="origin" {more}></script>'

    def page(self, body: str = "", *, tag: str = "", head: str = "", headers: dict[str, str] | None = None) -> str:
        """Publishes the site's page with the chat's tag at its end; gives its URL."""
        html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body>{body}{self.tag(tag)}</body></html>"""
        self.pages["/"] = (html, headers or {})
        return self.site + "/"

    def _loader(self) -> bytes:
        if self.refusal:
            return render_refusal(self.refusal).body
        return render_loader({"o": self.embed, **self.config}).body  # type: ignore[typeddict-item]

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body of a path of the embed host."""
        if path == "/chat-widget.js":
            return "text/javascript", self._loader()
        if path == "/logo.svg":
            return "image/svg+xml", LOGO
        if path == "/frame":
            return "text/html", self.frame.encode()
        if path.startswith(PREFIX) and (asset := find_asset(path.removeprefix(PREFIX))):
            return asset.content_type, asset.body
        if path.startswith("/static/") and path.endswith(".js"):
            return "text/javascript", (ROOT / path.removeprefix("/static/")).read_bytes()
        return None


@contextmanager
def served() -> Iterator[World]:
    world = World("", "")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if self.server is site:
                html, headers = world.pages.get(path, ("", {}))
                return self._send({"Content-Type": "text/html; charset=utf-8", **headers}, html.encode())
            world.asked.append(path)
            kind, body = world.answer(path) or ("text/plain", b"")
            return self._send({"Content-Type": kind, "Access-Control-Allow-Origin": "*"}, body)

        def do_POST(self) -> None:
            world.asked.append(self.path)
            self._send({"Content-Type": "application/json"}, b"{}")

        def _send(self, headers: dict[str, str], body: bytes) -> None:
            self.send_response(200)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    site, embed = (ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2))
    for server in (site, embed):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    world.site = f"http://localhost:{site.server_port}"
    world.embed = f"http://127.0.0.1:{embed.server_port}"
    try:
        yield world
    finally:
        for server in (site, embed):
            server.shutdown()
            server.server_close()
