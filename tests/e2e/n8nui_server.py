"""One frame page of the n8n chat and the calls it makes, without the product: each test says what the server answers.

The page has the product's markup and a policy as strict; scripts and styles are the joined and minified ones.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

from embed.assets import ROOT, get_asset, has_asset

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "require-trusted-types-for 'script'"
)
CONFIG: dict[str, Any] = {
    "title": "Harbour Bikes",
    "subtitle": "Usually answers at once",
    "greeting": ["Hello! 👋", "What would you like to know about our bikes?"],
    "placeholder": "Write a message",
    "disclaimer": "",
    "prompts": [
        {"label": "Opening hours", "prompt": "When are you open?"},
        {"label": "Book a repair", "prompt": "I would like to book a repair."},
    ],
    "theme": {"scheme": "auto", "accent": "#1f5eff", "accentInk": "#ffffff", "radius": 16, "fontSize": 15},
    "header": {"enabled": True, "avatar": None},
    "files": {"enabled": False, "maxCount": 3, "maxBytes": 5 * 1024 * 1024, "accept": ["image/*", "text/plain"]},
    "history": False,
}
API = {"messages": "/api/n8n/messages", "history": "/api/n8n/history", "events": "/api/events"}
HTML = """<!doctype html><html lang="{lang}" dir="{dir}" data-scheme="auto"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>Chat</title>{styles}<script type="application/json" id="boot">{boot}</script>
<script src="/frame-n8n.js" defer></script></head><body><main id="root"></main></body></html>"""
# Stands for the site: answers the handshake, keeps what the frame says in `told`, speaks through `tell(message)`.
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Site</title><button>Site</button>
<iframe title="Chat" src="/?parent=1" width="400" height="640"></iframe><script src="/host.js"></script></html>"""
HOST_SCRIPT = """
const told = [], frame = document.querySelector("iframe");
let port;
addEventListener("message", (event) => {
  if (port || event.data?.type !== "hello") return;
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = ({ data }) => told.push(data);
  const mode = new URLSearchParams(location.search).get("mode") || "popup";
  frame.contentWindow.postMessage({ chatdock: 1, type: "connect", mode }, location.origin, [channel.port2]);
});
window.told = told;
window.tell = (message) => port.postMessage(message);
"""


def sse(event: str, **data: Any) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


def answer(text: str, key: str = "a") -> list[str]:
    """A whole answer without streaming."""
    return [sse("message", m=key, text=text), sse("done")]


class FrameServer:
    """`replies`: for each POST of a message either (status, JSON) or a list of chunks; a queue for a stream in the hand
    of the test (None ends it). `asked` holds (path, body, headers) of every POST.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.boot: dict[str, Any] = {}
        self.replies: list[Any] = []
        self.history: list[dict[str, str]] = []
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.reset()

    def reset(self) -> None:
        self.replies, self.history, self.asked = [], [], []
        self.boot = {
            "license": "lic_1", "widget": "wgt_1", "type": "n8n", "version": 1, "pageToken": "page-token",
            "parentOrigin": None, "page": True, "api": API, "strings": {}, "lang": "en", "dir": "ltr",
            "brand": "https://app.example/", "preview": True, "config": json.loads(json.dumps(CONFIG)),
        }  # fmt: skip

    def config(self, **changes: Any) -> None:
        self.boot["config"] |= changes

    def messages(self) -> list[dict[str, Any]]:
        """What the visitor sent."""
        return [body for path, body, _ in self.asked if path == API["messages"]]

    def page(self, *, embedded: bool) -> str:
        styles = [
            f'<link rel="stylesheet" href="/{name}">' for name in ("frame.css", "frame-n8n.css") if has_asset(name)
        ]
        boot = self.boot | ({"page": False} if embedded else {})
        text = json.dumps(boot).replace("<", "\\u003c")
        return HTML.format(lang=boot["lang"], dir=boot["dir"], styles="".join(styles), boot=text)


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    chat: FrameServer

    def handle_error(self, *_: object) -> None:
        """A browser that closes drops its connections."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        name = path[1:]
        if path == "/":
            html = self.server.chat.page(embedded="parent" in query)
            self._send(html, "text/html", {"Content-Security-Policy": POLICY})
        elif path == "/host":
            self._send(HOST, "text/html")
        elif path == "/host.js":
            self._send(HOST_SCRIPT, "text/javascript")
        elif has_asset(name):
            self._send(get_asset(name).body.decode(), get_asset(name).content_type)
        elif path.startswith("/frame/"):
            self._send((ROOT / name).read_text(), "text/javascript")
        else:
            self._send("", "text/plain", status=404)

    def do_POST(self) -> None:
        chat = self.server.chat
        body = self.rfile.read(int(self.headers["Content-Length"]))
        chat.asked.append((self.path, self._read(body), dict(self.headers)))
        if self.path == API["messages"]:
            return self._reply(chat.replies.pop(0))
        history = json.dumps({"messages": chat.history})
        return self._send(history, "application/json", {"X-Chatdock-Visitor": "visitor-token"})

    def _read(self, body: bytes) -> dict[str, Any]:
        kind = self.headers["Content-Type"]
        if kind.startswith("application/json"):
            return dict(json.loads(body))
        read: dict[str, Any] = {"files": []}
        form: Any = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        for part in form.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if part.get_filename():
                read[name].append((part.get_filename(), part.get_content_type(), content))
            else:
                read[name] = content.decode()
        return read

    def _reply(self, reply: Any) -> None:
        if isinstance(reply, tuple):
            return self._send(json.dumps(reply[1]), "application/json", status=reply[0])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("X-Chatdock-Visitor", "visitor-token")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        try:
            for chunk in iter(reply.get, None) if isinstance(reply, Queue) else reply:
                data = chunk.encode()
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True  # the chat gave up on this answer

    def _send(self, text: str, kind: str, headers: dict[str, str] | None = None, *, status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(text.encode())), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def served() -> Iterator[FrameServer]:
    listener = Listener(("127.0.0.1", 0), Handler)
    listener.chat = FrameServer(f"http://127.0.0.1:{listener.server_port}")
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield listener.chat
    finally:
        listener.shutdown()
        listener.server_close()
