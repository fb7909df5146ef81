"""Somebody else's system that takes webhooks and checks their signature as the Standard Webhooks scheme says."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    url: str = ""
    authority: str = ""
    status: int = 204
    answer: bytes = b""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)  # headers (lower case), body


@contextmanager
def receiver() -> Iterator[Receiver]:
    this = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            this.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(this.status)
            self.send_header("Content-Length", str(len(this.answer)))
            self.end_headers()
            self.wfile.write(this.answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    this.authority = f"127.0.0.1:{server.server_port}"
    this.url = f"http://{this.authority}/hooks"
    try:
        yield this
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Written after the specification, not after our code."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in headers["webhook-signature"].split(" ")
