"""Other people's web sites: pages on any *.test host, over http and https, each made by the test that visits it."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.server import Certificate

Page = tuple[str, Mapping[str, str]]  # HTML and more headers


class Sites:
    """`sites.page("https://shop.test/", html)` publishes a page; the browser leads every *.test host here."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}

    def page(self, url: str, html: str, headers: Mapping[str, str] | None = None) -> str:
        """Gives the URL back, to be visited."""
        self._pages[url] = (f"<!doctype html><html lang=en><title>{url}</title>{html}", headers or {})
        return url

    def find(self, url: str) -> Page | None:
        return self._pages.get(url)

    def clear(self) -> None:
        self._pages.clear()


@contextmanager
def served(*, port: int, plain_port: int, certificate: Certificate) -> Iterator[Sites]:
    sites = Sites()
    servers = [_server(sites, port, "https", certificate), _server(sites, plain_port, "http", None)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield sites
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _server(sites: Sites, port: int, scheme: str, certificate: Certificate | None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = sites.find(f"{scheme}://{self.headers['Host']}{self.path.partition('?')[0]}")
            html, headers = found or ("No such page.", {})
            self.send_response(200 if found else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(html.encode())))
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.chain, certificate.key)
        # Shaking hands in the handler's thread: a browser opens connections that it does not use.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server
