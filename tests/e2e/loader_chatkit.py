"""A ChatKit frame page of the product's own script, with a ChatKit of a few lines whose behaviour the test chooses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from embed.assets import get_asset

POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'"
API = {"session": "/api/chatkit/create-session", "backend": "/api/chatkit/backend", "events": "/api/events"}
# Like the real element it comes up by itself once it has options, asks for a secret first, and keeps its messages to
# itself. `kits` holds what each element was given and asked to do.
CHATKIT = """
const manner = "%s";
window.kits = [];
customElements.define("openai-chatkit", class extends HTMLElement {
  constructor() {
    super();
    const wrapper = Object.assign(document.createElement("div"), { className: "ck-wrapper" });
    this.attachShadow({ mode: "open" }).append(wrapper);
    this.log = { options: [], secrets: [], calls: [], element: this };
    window.kits.push(this.log);
  }
  say(name, detail) { this.dispatchEvent(new CustomEvent("chatkit." + name, { detail })); }
  fail(name, message) { this.say("error", { error: Object.assign(new Error(message), { name }) }); }
  setOptions(options) {
    this.log.options.push(options);
    if (this.log.options.length === 1) setTimeout(() => this.begin(options), 10);
  }
  async begin({ api, initialThread }) {
    this.say("ready");
    if (manner === "silent") return;
    if (manner === "options") return this.fail("IntegrationError", "ChatKit.create(): no");
    if (manner === "domain") {
      this.fail("DomainVerificationRequestError", "no");
      return this.shadowRoot.replaceChildren();
    }
    if (api.getClientSecret) this.log.secrets.push(await api.getClientSecret(null));
    this.shadowRoot.firstChild.append(Object.assign(document.createElement("input"), { ariaLabel: "Message" }));
    this.say("log", { name: "composer.ready" });
    if (initialThread === "thr_lost") this.fail("InitialThreadLoadError", "Not found");
    if (manner === "gone") setTimeout(() => this.shadowRoot.replaceChildren(), 50);
  }
  async refresh(current) {
    try { this.log.secrets.push(await this.log.options[0].api.getClientSecret(current)); } catch {}
  }
  async focusComposer() {
    this.log.calls.push(["focus"]);
    this.shadowRoot.querySelector("input").focus();
  }
  async setComposerValue(value) { this.log.calls.push(["prefill", value]); }
  sendUserMessage(value) { this.log.calls.push(["send", value]); return new Promise(() => {}); }
});
"""
HTML = """<!doctype html><html lang="en" dir="ltr" data-scheme="{scheme}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Chat</title>
<link rel="stylesheet" href="/frame.css"><script type="application/json" id="boot">{boot}</script>
<script src="/frame-chatkit.js" defer></script></head><body><main id="root"></main></body></html>"""
# Stands for the site: answers the handshake, keeps what the frame says in `told`, speaks through `tell(message)`.
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title>
<iframe title="Chat" src="/frame" style="width:400px;height:560px"></iframe><script>
const told = [];
let port;
addEventListener("message", ({ source, data }) => {
  if (data?.type !== "hello" || port?.id === data.id) return;
  const channel = new MessageChannel();
  port = Object.assign(channel.port1, { id: data.id, onmessage: ({ data }) => told.push(data) });
  source.postMessage({ chatdock: 1, type: "connect", mode: "popup" }, location.origin, [channel.port2]);
});
window.tell = (type, more) => port.postMessage({ type, ...more });
</script>"""


class FrameServer:
    """`sessions`: for each POST of a session (status, JSON). `refusals`: codes for the next calls of the backend.
    `asked` holds (path, body, headers) of every POST.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.reset()

    def reset(self) -> None:
        self.manner = "good"
        self.script_status = 200
        self.refusals: list[str] = []
        self.sessions: list[tuple[int, dict[str, Any]]] = []
        self.asked: list[tuple[str, Any, dict[str, str]]] = []
        self.boot: dict[str, Any] = {
            "license": "lic_1",
            "widget": "wgt_1",
            "type": "chatkit",
            "version": 1,
            "pageToken": "page-token",
            "parentOrigin": None,
            "page": True,
            "api": API,
            "strings": {},
            "config": {
                "backend": "hosted",
                "script": "/chatkit.js",
                "options": {"theme": {"radius": "round"}, "startScreen": {"greeting": "Hello"}},
                "title": "Harbour Bikes",
                "demo": False,
                "colorScheme": "light",
            },
        }

    def config(self, **changes: Any) -> None:
        self.boot["config"] |= changes

    def sent(self, call: str) -> list[tuple[Any, dict[str, str]]]:
        """Bodies and headers of the POSTs to one of API."""
        return [(body, headers) for path, body, headers in self.asked if path == API[call]]

    def events(self, name: str) -> list[dict[str, str]]:
        return [event for body, _ in self.sent("events") for event in body["events"] if event["name"] == name]

    def get(self, path: str) -> tuple[str, bytes, int]:
        """Content type, body and status."""
        if path == "/host":
            return "text/html", HOST.encode(), 200
        if path == "/chatkit.js":
            return "text/javascript", (CHATKIT % self.manner).encode(), self.script_status
        if path in ("/frame.css", "/frame-chatkit.js"):
            return get_asset(path[1:]).content_type, get_asset(path[1:]).body, 200
        boot = json.dumps(self.boot | {"page": path == "/"}).replace("<", "\\u003c")
        return "text/html", HTML.format(boot=boot, scheme=self.boot["config"]["colorScheme"]).encode(), 200

    def post(self, path: str) -> tuple[int, dict[str, Any]]:
        if path != API["session"]:
            return 200, {}
        number = len(self.sent("session"))
        return self.sessions.pop(0) if self.sessions else (200, {"client_secret": f"secret {number}", "expires_at": 0})


@contextmanager
def served() -> Iterator[FrameServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            kind, body, status = frames.get(path)
            policy = {} if path == "/host" else {"Content-Security-Policy": POLICY}
            self._send(status, {"Content-Type": kind, **policy}, body)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            frames.asked.append((self.path, body, {name.lower(): value for name, value in self.headers.items()}))
            status, answer = frames.post(self.path)
            headers = {"Content-Type": "application/json", "X-Chatdock-Visitor": "visitor-token"}
            if self.path == API["backend"] and frames.refusals:
                headers["X-Chatdock-Error"] = frames.refusals.pop(0)
            self._send(status, headers, json.dumps(answer).encode())

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    frames = FrameServer(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield frames
    finally:
        server.shutdown()
        server.server_close()
