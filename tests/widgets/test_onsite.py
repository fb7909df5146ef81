"""Looking at a page of the site for the tag: against a server that answers nothing but what was agreed."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings as configured

from licenses.domains import parse_rule
from licenses.services import add_domains, set_allow_localhost
from tests.build import make_widget
from widgets.policy import lines_to_add
from widgets.services import set_enabled

EMBED = configured.EMBED_URL


class Site:
    """`pages`: path → (status, headers, body). What a browser's visit would not bring is refused."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], str]] = {}
        self.asked: list[str] = []
        self.origin = ""

    def shows(self, body: str, path: str = "/", status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"content-type": "text/html"} | named, body)
        return self.origin + path


@pytest.fixture
def site(settings, license, alice) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            plain = not {"cookie", "authorization", "referer"} & {name.lower() for name in self.headers}
            status, headers, body = site.pages[self.path] if plain else (400, {}, "")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    site.origin = f"http://127.0.0.1:{server.server_port}"
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{server.server_port}"]
    set_allow_localhost(actor=alice, license=license, allowed=True)
    yield site
    server.shutdown()
    server.server_close()


def tag(widget, nonce: str = "", query: str = "") -> str:
    named = f' nonce="{nonce}"' if nonce else ""
    source = f"{EMBED}/api/widget/{widget.license.public_id}/chat-widget.js{query or f'?widget={widget.public_id}'}"
    return f'<html><body><script async src="{source}"{named}></script></body></html>'


def check(client, widget, address: str):
    return client.post(f"/o/alices-shop/widgets/{widget.public_id}/check/", {"address": address})


def title(client, widget, address: str) -> str:
    return check(client, widget, address).context["verdict"].title


RIGHT = "The tag is there, and right"
ABSENT = "The tag was not found in the page’s HTML"


def test_tag_is_found(client, widget, site):
    assert title(client, widget, site.shows(tag(widget))) == RIGHT
    assert title(client, widget, site.shows(tag(widget, query="?"))) == RIGHT  # the licence's default
    inline = f"<script>load('{EMBED}/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}')"
    assert title(client, widget, site.shows(inline.replace("/", "\\/"))) == RIGHT
    frame = f'<iframe src="{EMBED}/widget/n8n/{widget.license.public_id}?widget={widget.public_id}"></iframe>'
    assert title(client, widget, site.shows(frame)) == RIGHT
    set_enabled(actor=None, widget=widget, enabled=False)
    assert title(client, widget, site.shows(tag(widget))) == "The tag is there, and the widget is not live"


def test_what_is_no_tag_is_not_found(client, widget, site):
    pages = ["<p>Hello", f"<!-- {tag(widget)} -->", f"<!-- {tag(widget)}", tag(widget).replace("<", "&lt;")]
    assert [title(client, widget, site.shows(page)) for page in pages] == [ABSENT] * 4
    managed = check(client, widget, site.shows("<script src=https://www.googletagmanager.com/gtm.js></script>"))
    assert "Google Tag Manager" in managed.content.decode()


def test_tag_of_another_widget_is_told(client, widget, license, site):
    other = make_widget(license, name="Other")
    verdict = check(client, widget, site.shows(tag(other))).context["verdict"]
    assert (verdict.title, other.public_id in verdict.told[0]) == ("The page has the tag of another widget", True)
    assert title(client, other, site.shows(tag(widget, query="?"))) == "The page has the tag of another widget"
    assert title(client, widget, site.shows(tag(other) + tag(widget))) == RIGHT


def test_tag_that_does_nothing_there_is_not_taken_for_right(client, widget, site):
    inert = tag(widget).replace("<script", "<script type='text/plain'")
    source = f"{EMBED}/api/widget/{widget.license.public_id}/chat-widget.js"
    preload = f'<script src=/a.js></script><link rel=preload href="{source}">'
    assert [title(client, widget, site.shows(page)) for page in (inert, preload)] == [ABSENT] * 2
    module = tag(widget).replace("<script", "<script type=module")
    told = "<meta http-equiv=Content-Security-Policy-Report-Only content=\"script-src 'none'\">"
    assert [title(client, widget, site.shows(page)) for page in (module, told + tag(widget))] == [RIGHT] * 2
    elsewhere = tag(widget).replace(EMBED, "http://localhost:8001")
    verdict = check(client, widget, site.shows(elsewhere)).context["verdict"]
    assert (verdict.title, "http://localhost:8001" in verdict.told[0]) == ("The tag on the page leads elsewhere", True)


def test_page_on_ones_own_computer_is_not_asked_for(client, widget, site):
    response = check(client, widget, "http://localhost:3000/")
    assert response.context["errors"] == ["Our server sees no page on your own computer. Enter one on the internet."]
    assert site.asked == []


def test_policy_that_blocks_is_told_with_what_to_add(client, widget, site):
    script, frame = f"script-src {EMBED};", f"frame-src {EMBED};"
    header = check(client, widget, site.shows(tag(widget), content_security_policy="default-src 'self'"))
    assert header.context["verdict"].copy == f"{script}\n{frame}"
    assert 'data-copy="onsite-csp"' in header.content.decode()
    meta = "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-a1'\">"
    assert check(client, widget, site.shows(meta + tag(widget))).context["verdict"].copy == script
    assert title(client, widget, site.shows(meta + tag(widget, nonce="a1"))) == RIGHT


@pytest.mark.parametrize(
    ("policy", "lacking"),
    [
        ("", ""),
        ("img-src 'none'", ""),
        ("script-src https://[bad", "script"),
        ("default-src *", ""),
        ("default-src https:", ""),
        ("default-src 'self' https://chat.example", ""),
        ("default-src *.example", ""),
        ("default-src chat.example:443; script-src *.chat.example", "script"),
        ("default-src chat.example:8443", "script frame"),
        ("default-src 'none'; child-src chat.example; script-src-elem chat.example", ""),
        ("script-src chat.example 'strict-dynamic'", "script"),
        ("script-src 'nonce-n' 'strict-dynamic'; frame-src data:", "frame"),
        ("frame-src 'none'; frame-src *", "frame"),
    ],
)
def test_policy_is_read_as_browsers_do(policy, lacking):
    found = lines_to_add([policy], "https://chat.example", "n")
    assert [line.partition("-")[0] for line in found] == lacking.split()


def test_redirects_are_followed_within_the_allowed_domains(client, widget, site):
    moved = site.shows("", "/", 301, location="/shop")
    site.shows(tag(widget), "/shop")
    response = check(client, widget, moved)
    assert (response.context["verdict"].title, response.context["url"]) == (RIGHT, f"{site.origin}/shop")
    away = check(client, widget, site.shows("", "/", 302, location="https://elsewhere.example/"))
    assert away.context["verdict"].told == [
        "The page leads on to https://elsewhere.example, which is not among the allowed domains."
    ]
    site.asked.clear()
    loop = check(client, widget, site.shows("", "/", 302, location="/"))
    assert (loop.context["verdict"].told[0][:33], site.asked) == ("The page leads on again and again", ["/"] * 4)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ({"status": 403}, "The page answered with the status 403. A login, a firewall or a check for robots"),
        ({"status": 500}, "The page answered with the status 500."),
        ({"content_type": "application/pdf"}, "What stands there is no HTML page."),
        ({"body": "x" * (2 * 1024 * 1024 + 1)}, "The page could not be read. The answer is longer than"),
    ],
)
def test_page_that_cannot_be_read_is_told(client, widget, site, page, told):
    address = site.shows(page.pop("body", ""), **page)
    (sentence,) = check(client, widget, address).context["verdict"].told
    assert sentence.startswith(told)


def test_only_addresses_of_the_licence_are_asked(client, widget, site):
    wrong = {
        "https://elsewhere.example/": "on none of the allowed domains",
        "https://shop.test.elsewhere.example/": "on none of the allowed domains",
        "https://alice@shop.test/": "Enter an address",
        "http://shop.test/": "on none of the allowed domains",
        "https://shop.test:99999/": "Enter an address",
        "javascript:alert(1)": "Enter an address",
        "https://[": "Enter an address",
        "": "This field is required",
    }
    answers = [check(client, widget, address) for address in wrong]
    assert [answer.status_code for answer in answers] == [422] * len(wrong)
    assert [told in answer.content.decode() for answer, told in zip(answers, wrong.values(), strict=True)] == [True] * 8
    assert site.asked == []


def test_private_address_behind_an_allowed_name_is_not_asked(client, widget, site, settings, monkeypatch):
    settings.OUTBOUND_ALLOW = []
    add_domains(actor=None, license=widget.license, rules=[parse_rule("private.test")])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.1", 443))])
    (told,) = check(client, widget, "https://private.test/").context["verdict"].told
    assert (told.startswith("The page could not be read."), site.asked) == (True, [])


def test_checks_are_limited(client, widget, site, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "probe": (2, 60)}
    address = site.shows("")
    assert [check(client, widget, address).status_code for _ in range(3)] == [200, 200, 429]


def test_widget_of_others_is_absent(client, charlies_widget):
    assert check(client, charlies_widget, "https://shop.test/").status_code == 404


def test_install_page_offers_it(client, widget):
    page = client.get(f"/o/alices-shop/widgets/{widget.public_id}/install/").content.decode()
    assert ('value="https://shop.test/"' in page, 'data-into="check-result"' in page) == (True, True)
