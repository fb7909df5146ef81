"""The lane answers what Django would, and refuses what is not its own."""

import logging

import pytest

from core.codes import Code
from core.lane import _remembering
from tests.core.lane_app import Exchange, _surroundings, assert_error, broken, events, get, missing, show, suspicious  # noqa: F401 (a fixture for all)


async def test_get_is_answered_by_the_view():
    answer = await get("/api/show/lic_1", query=b"widget=wgt_1")

    identifier = answer.headers.pop("x-request-id")
    assert (answer.status, answer.body, answer.complete) == (200, b"GET lic_1 wgt_1", True)
    assert answer.headers == {
        "content-type": "text/plain",
        "cache-control": "no-store",
        "etag": '"1"',
        "content-length": "15",
        "x-content-type-options": "nosniff",
        "x-request-id": identifier,
    }


async def test_head_is_a_get_without_a_body():
    got, head = await get("/api/show/lic_1"), await Exchange("HEAD", "/api/show/lic_1").run()

    assert (head.status, head.body, head.complete) == (200, b"", True)
    assert head.headers | {"x-request-id": ""} == got.headers | {"x-request-id": ""}


async def test_options_tells_the_methods():
    answer = await Exchange("OPTIONS", "/api/show/lic_1").run()

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "content-length" not in answer.headers


async def test_not_modified_has_no_length():
    answer = await get("/api/304")

    assert (answer.status, answer.body) == (304, b"")
    assert "content-length" not in answer.headers


async def test_request_id_of_the_proxy_is_taken_and_answered():
    answer = await get("/api/id", headers=[(b"x-request-id", b"abcdefgh-1")])

    assert (answer.body, answer.headers["x-request-id"]) == (b"abcdefgh-1", "abcdefgh-1")


@pytest.mark.parametrize("path", ["/", "/login/", "/apix", "/api"])
async def test_other_paths_go_to_django(path):
    await get(path)

    assert events == [("django", "http", path)]


async def test_websocket_goes_to_django():
    exchange = Exchange("GET", "/api/show/lic_1")
    exchange.scope["type"] = "websocket"
    await exchange.run()

    assert events == [("django", "websocket", "/api/show/lic_1")]


# Refusals


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_unknown_path_is_not_found(method):
    assert_error(await Exchange(method, "/api/nowhere").run(), Code.NOT_FOUND)


@pytest.mark.parametrize("host", [b"evil.example", b"chat.example.evil", b"chat.example, evil", b"", b"a b", b"\xff"])
async def test_foreign_host_is_refused(host):
    assert_error(await get("/api/show/lic_1", headers=[(b"host", host)]), Code.BAD_REQUEST)


async def test_foreign_host_is_refused_each_time_and_ours_is_not():
    app = Exchange("GET", "/api/304").app
    statuses = []
    for host in (b"evil.example", b"chat.example", b"evil.example", b"chat.example:8000", b"chat.example"):
        exchange = Exchange("GET", "/api/304", headers=[(b"host", host)])
        exchange.app = app
        statuses.append((await exchange.run()).status)

    assert statuses == [400, 304, 400, 304, 304]


async def test_hosts_remembered_are_bounded(settings):
    settings.ALLOWED_HOSTS = ["*"]
    app = Exchange("GET", "/api/304").app
    for number in range(200):
        exchange = Exchange("GET", "/api/304", headers=[(b"host", b"h%d.example" % number)])
        exchange.app = app
        assert (await exchange.run()).status == 304

    (ways,) = [cell.cell_contents for cell in app.__closure__ if hasattr(cell.cell_contents, "hosts")]
    assert len(ways.hosts) == 64


def test_only_short_texts_are_remembered():
    asked = []
    remembering = _remembering(asked.append)
    for text in ("a", "a", "b" * 257, "b" * 257):
        remembering(text)
    assert asked == ["a", "b" * 257, "b" * 257]


async def test_query_string_that_is_no_text_is_refused():
    assert_error(await get("/api/show/lic_1", query=b"\xff"), Code.BAD_REQUEST)


async def test_http404_of_a_view_is_our_own():
    assert_error(await get("/api/missing"), Code.NOT_FOUND)


async def test_suspicious_operation_is_a_bad_request():
    assert_error(await get("/api/suspicious"), Code.BAD_REQUEST)


@pytest.mark.parametrize("path", ["/api/broken", "/api/not-async"])
async def test_exception_is_one_log_line_and_tells_nothing(path, caplog):
    answer = await get(path)

    assert_error(answer, Code.INTERNAL)
    assert [(r.levelno, r.getMessage(), bool(r.exc_info)) for r in caplog.records] == [
        (logging.ERROR, f"GET {path} failed", True)
    ]


# Bodies


@pytest.mark.parametrize(
    ("seconds", "scheme", "forwarded", "expected"),
    [
        (0, "https", None, None),
        (60, "http", None, None),
        (60, "https", None, "max-age=60; includeSubDomains; preload"),
        (60, "http", b"https", "max-age=60; includeSubDomains; preload"),
        (60, "http", b"http", None),
    ],
)
async def test_strict_transport_security(settings, seconds, scheme, forwarded, expected):
    settings.SECURE_HSTS_SECONDS = seconds
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if forwarded else None
    headers = [(b"x-forwarded-proto", forwarded)] if forwarded else []

    answer = await get("/api/304", headers=headers, scheme=scheme)

    assert answer.headers.get("strict-transport-security") == expected


async def test_strict_transport_security_without_extras(settings):
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = False
    settings.SECURE_PROXY_SSL_HEADER = None

    answer = await get("/api/304", scheme="https")

    assert answer.headers["strict-transport-security"] == "max-age=60"


# Lifespan
