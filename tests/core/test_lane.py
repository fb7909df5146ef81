import asyncio
import gc
import logging

import orjson
import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path

from core import lifespan
from core.codes import MEANINGS, Code
from core.http import json_response, read_json
from core.lane import BODY_MAX_BYTES, lane
from core.logs import current_request_id

events = []  # what views did, for the test to look at


@pytest.fixture(autouse=True)
def _surroundings(settings, monkeypatch):
    events.clear()
    settings.ALLOWED_HOSTS = ["chat.example"]
    settings.UPLOAD_MAX_BYTES = 200_000
    monkeypatch.setattr(lifespan, "_startup", [])
    monkeypatch.setattr(lifespan, "_shutdown", [])


# Views


async def show(request, license):
    return HttpResponse(
        f"{request.method} {license} {request.GET.get('widget')}",
        content_type="text/plain",
        headers={"Cache-Control": "no-store", "ETag": '"1"'},
    )


async def echo(request):
    return json_response({"method": request.method, "got": read_json(request, limit=10**6)})


async def upload(request):
    files = request.FILES.getlist("files")
    events.append(files[0])
    return json_response({"text": request.POST["text"], "files": [[f.name, f.size] for f in files]})


async def nothing_new(request):
    return HttpResponse(status=304, headers={"ETag": '"1"'})


async def missing(request):
    raise Http404("internal detail")


async def suspicious(request):
    raise SuspiciousOperation("internal detail")


async def broken(request):
    raise ValueError("internal detail")


def not_async(request):
    return HttpResponse("x")


async def slow(request):
    events.append("started")
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        events.append("cancelled")
        raise
    return HttpResponse("late")


async def stubborn(request):
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        events.append("cancelled")
    return HttpResponse("anyway")


async def stream(request):
    async def parts():
        events.append("opened")
        try:
            yield "data: é\n\n"
            yield b"data: 2\n\n"
            await asyncio.sleep(float(request.GET.get("pause", 0)))
            yield b"data: 3\n\n"
        finally:
            await asyncio.sleep(0)  # closing an upstream takes its time
            events.append("closed")

    return StreamingHttpResponse(parts(), content_type="text/event-stream")


async def endless(request):
    async def parts():
        try:
            while True:
                yield b"x"
        finally:
            events.append("closed")

    return StreamingHttpResponse(parts())


async def breaks_off(request):
    async def parts():
        yield b"1"
        raise ValueError("internal detail")

    return StreamingHttpResponse(parts())


async def tell_id(request):
    return HttpResponse(current_request_id())


urlpatterns = [
    path("api/show/<str:license>", show),
    path("api/echo", echo),
    path("api/upload", upload),
    path("api/304", nothing_new),
    path("api/missing", missing),
    path("api/suspicious", suspicious),
    path("api/broken", broken),
    path("api/not-async", not_async),
    path("api/slow", slow),
    path("api/stubborn", stubborn),
    path("api/stream", stream),
    path("api/endless", endless),
    path("api/breaks-off", breaks_off),
    path("api/id", tell_id),
]


# A server of the test's own


async def django_app(scope, receive, send):
    events.append(("django", scope["type"], scope.get("path")))


class Exchange:
    """One request, and what the lane sends for it."""

    def __init__(self, method, path, *, query=b"", headers=(), chunks=(b"",), scheme="http", whole=True):
        self.app = lane(django_app, urlconf=__name__, prefixes=("/api/", "/widget/"))
        names = {name for name, _ in headers}
        host = [] if b"host" in names else [(b"host", b"chat.example")]
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [*host, *headers],
            "scheme": scheme,
            "client": ("192.0.2.1", 1),
            "server": ("192.0.2.2", 80),
        }
        self.sent = []
        self.received = 0
        self.gone = asyncio.Event()
        self._messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
        if whole:
            self._messages[-1]["more_body"] = False

    async def receive(self):
        self.received += 1
        if self._messages:
            return self._messages.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        await asyncio.sleep(0)  # as when a server's buffer is full
        self.sent.append(message)

    async def run(self):
        await self.app(self.scope, self.receive, self.send)
        return self

    async def run_until(self, event):
        """Until the view has done `event`; then the client goes away."""
        task = asyncio.create_task(self.run())
        async with asyncio.timeout(5):
            while not event():
                await asyncio.sleep(0)
            self.gone.set()
            await task
        return self

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def complete(self):
        return bool(self.sent) and not self.sent[-1].get("more_body") and len(self.sent) > 1

    @property
    def error(self):
        return orjson.loads(self.body)["error"]


def get(path, **rest):
    return Exchange("GET", path, **rest).run()


def post(path, *chunks, headers=((b"content-type", b"application/json"),), **rest):
    return Exchange("POST", path, chunks=chunks or (b"",), headers=headers, **rest).run()


# Answers


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


def assert_error(answer, code):
    assert answer.status == MEANINGS[code].status
    assert answer.error == {"code": code.value, "message": MEANINGS[code].say}
    assert answer.complete


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

    (hosts,) = [cell.cell_contents for cell in app.__closure__ if isinstance(cell.cell_contents, set)]
    assert len(hosts) == 64


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


async def test_body_comes_in_chunks():
    answer = await post("/api/echo", b'{"a"', b": ", b"1}")

    assert orjson.loads(answer.body) == {"method": "POST", "got": {"a": 1}}


async def test_body_at_the_limit_is_read_and_a_byte_more_is_not():
    body = b'{"a":"' + b"x" * (BODY_MAX_BYTES - 8) + b'"}'

    assert (await post("/api/echo", body)).status == 200
    assert_error(await post("/api/echo", body, b"x"), Code.TOO_LARGE)


async def test_announced_body_that_is_too_large_is_not_read_at_all():
    length = (b"content-length", b"%d" % (BODY_MAX_BYTES + 1))

    answer = await post("/api/echo", b"{}", headers=[length])

    assert_error(answer, Code.TOO_LARGE)
    assert answer.received == 0


async def test_endless_body_is_read_to_the_limit_only():
    chunks = [b"x" * 10_000] * 100

    answer = await post("/api/echo", *chunks, whole=False)

    assert_error(answer, Code.TOO_LARGE)
    assert answer.received == 7


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/echo"])
async def test_body_of_a_refused_request_is_not_read(path):
    headers = [(b"host", b"evil.example" if path == "/api/echo" else b"chat.example")]

    assert (await post(path, b"{}", headers=headers)).received == 0


async def test_client_that_leaves_in_its_body_gets_no_answer():
    exchange = Exchange("POST", "/api/echo", chunks=[b"{"], whole=False)
    exchange.gone.set()
    await exchange.run()

    assert exchange.sent == []


def multipart(size):
    head = b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\nhi \xc3\xa9\r\n'
    head += b'--B\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n'
    return head + b"x" * size + b"\r\n--B--\r\n"


MULTIPART = (b"content-type", b"multipart/form-data; boundary=B")


async def test_multipart_may_be_larger_and_its_files_are_closed():
    answer = await post("/api/upload", multipart(150_000), headers=[MULTIPART])

    assert orjson.loads(answer.body) == {"text": "hi é", "files": [["a.bin", 150_000]]}
    assert events[0].closed


async def test_multipart_beyond_the_upload_limit_is_too_large():
    assert_error(await post("/api/upload", multipart(200_000), headers=[MULTIPART]), Code.TOO_LARGE)


async def test_multipart_that_cannot_be_read_is_a_bad_request():
    headers = [(b"content-type", b"multipart/form-data")]

    assert_error(await post("/api/upload", multipart(10), headers=headers), Code.BAD_REQUEST)


async def test_body_of_a_get_is_ignored():
    answer = await get("/api/stream", chunks=[b"x" * 100_000, b"y"], query=b"pause=0.01")

    assert (answer.status, answer.complete) == (200, True)


# Streams


async def test_stream_sends_each_part_as_it_comes():
    answer = await get("/api/stream")

    assert [(m.get("body"), m.get("more_body", False)) for m in answer.sent[1:]] == [
        ("data: é\n\n".encode(), True),
        (b"data: 2\n\n", True),
        (b"data: 3\n\n", True),
        (None, False),
    ]
    assert "content-length" not in answer.headers
    assert events == ["opened", "closed"]


async def test_stream_starts_before_it_ends():
    exchange = Exchange("POST", "/api/stream", query=b"pause=30")

    await exchange.run_until(lambda: len(exchange.sent) == 3)

    assert exchange.body == "data: é\n\ndata: 2\n\n".encode()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_stream_that_waits_is_closed_when_the_client_goes(method):
    exchange = Exchange(method, "/api/stream", query=b"pause=30")

    await exchange.run_until(lambda: len(exchange.sent) == 3)

    assert events == ["opened", "closed"]


async def test_stream_that_never_waits_is_closed_when_the_client_goes():
    exchange = Exchange("POST", "/api/endless")

    await exchange.run_until(lambda: len(exchange.sent) > 20)

    assert events == ["closed"]


async def test_stream_that_fails_is_cut_and_logged_once(caplog):
    answer = await get("/api/breaks-off")

    assert (answer.status, answer.body, answer.complete) == (200, b"1", False)
    assert [r.getMessage() for r in caplog.records] == ["A stream broke off"]


async def test_head_of_a_stream_does_not_start_it():
    answer = await Exchange("HEAD", "/api/stream").run()

    assert (answer.status, answer.body, answer.complete) == (200, b"", True)
    assert events == []


# Clients that go away


async def test_view_of_a_post_is_cancelled_when_the_client_goes():
    exchange = Exchange("POST", "/api/slow")

    await exchange.run_until(lambda: events == ["started"])

    assert events == ["started", "cancelled"]
    assert exchange.sent == []


async def test_view_that_goes_on_after_its_cancellation_does_no_harm():
    exchange = Exchange("POST", "/api/stubborn")

    await exchange.run_until(lambda: exchange.received == 2)

    assert events == ["cancelled"]


async def test_cancellation_from_outside_stays_one():
    exchange = Exchange("POST", "/api/slow")
    task = asyncio.create_task(exchange.run())
    while not events:
        await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_server_task_is_not_cancelled_later():
    """The cancellation of one request must not reach what the server's task does after it."""
    exchange = Exchange("POST", "/api/slow")

    async def server():
        await exchange.run()
        await asyncio.sleep(0.01)
        return asyncio.current_task().cancelling()

    task = asyncio.create_task(server())
    while not events:
        await asyncio.sleep(0)
    exchange.gone.set()

    assert await task == 0


async def test_disconnect_after_the_answer_is_not_heard():
    """A server may report a disconnect as soon as the answer is complete."""
    exchange = Exchange("POST", "/api/stream", query=b"pause=0.01")
    send = exchange.send

    async def send_and_leave(message):
        await send(message)
        if exchange.complete:
            exchange.gone.set()

    exchange.send = send_and_leave
    await exchange.run()

    assert exchange.complete
    assert events == ["opened", "closed"]


async def test_no_task_is_left_behind():
    before = asyncio.all_tasks()
    await post("/api/stream", query=b"pause=0.01")
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == before


# HTTPS


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


class Life:
    def __init__(self, urlconf=__name__):
        self.app = lane(django_app, urlconf=urlconf, prefixes=("/api/",))
        self.sent = []
        self.shutdown = asyncio.Event()
        self._received = 0

    async def receive(self):
        self._received += 1
        if self._received == 1:
            return {"type": "lifespan.startup"}
        await self.shutdown.wait()
        return {"type": "lifespan.shutdown"}

    async def send(self, message):
        self.sent.append(message)

    async def run(self):
        await self.app({"type": "lifespan"}, self.receive, self.send)


async def test_lifespan_runs_the_hooks():
    @lifespan.on_startup
    async def start():
        events.append("start")

    @lifespan.on_shutdown
    async def stop():
        events.append("stop")

    life = Life()
    task = asyncio.create_task(life.run())
    while not life.sent:
        await asyncio.sleep(0)
    during, frozen = list(events), gc.get_freeze_count()
    gc.unfreeze()
    life.shutdown.set()
    await task

    assert (during, events) == (["start"], ["start", "stop"])
    assert life.sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
    assert frozen > 1000


async def test_lifespan_reports_a_start_that_failed(caplog):
    @lifespan.on_startup
    async def start():
        raise ValueError("no key")

    life = Life()
    await life.run()

    assert life.sent == [{"type": "lifespan.startup.failed", "message": "no key"}]
    assert [r.getMessage() for r in caplog.records] == ["The start failed"]


async def test_lifespan_finds_views_that_cannot_be_imported():
    life = Life("tests.core.no_such_urls")
    await life.run()

    assert life.sent[0]["type"] == "lifespan.startup.failed"
