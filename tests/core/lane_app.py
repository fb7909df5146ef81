"""A small public URLconf for the tests of the lane, and a client that speaks ASGI to it."""

import asyncio

import orjson
import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path

from core import lifespan
from core.codes import MEANINGS, Code
from core.http import error_response, json_response, read_json, receive_body
from core.lane import lane
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
    if "refused" in request.GET:
        return error_response(Code.DOMAIN_NOT_ALLOWED)
    await receive_body(request)
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


def assert_error(answer, code):
    assert answer.status == MEANINGS[code].status
    assert answer.error == {"code": code.value, "message": MEANINGS[code].say}
    assert answer.complete
