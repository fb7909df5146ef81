"""The fast way to the public views: straight from ASGI to the view, without Django's handler and its middleware.

Django's ASGI handler spends ten times what a warm public view needs. The lane serves the same views of the same
URLconf and does what they need of it: host check, body limit, errors as JSON, streams, and an end when the client goes.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import lru_cache, partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import RequestAborted, RequestDataTooBig, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, URLResolver, get_resolver

from core import lifespan
from core.codes import Code
from core.hosts import admit, own_host
from core.http import error_response
from core.middleware import identify

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_MAX_BYTES = 65536  # except multipart: settings.UPLOAD_MAX_BYTES
_HOSTS_REMEMBERED = 64
_YOUNG = 10_000  # objects until a collection of the young; Python's 700 are less than a few calls make
_UNWATCHED = 0.5  # seconds: most calls are answered by then
_UPLOAD = "multipart/form-data"
_REMEMBERED, _SHORT = 2048, 256


def lane(django_app: App, *, urlconf: str, prefixes: tuple[str, ...]) -> App:
    """An ASGI app that serves `urlconf` under these path prefixes and the lifespan; the rest goes to `django_app`.

    All views of `urlconf` are async, and a stream is an async generator. When the client goes away, the view of a POST
    is cancelled and any stream is closed; a GET that does not stream is too short to be worth the watching.
    """
    resolver = get_resolver(urlconf)
    ways = _Ways(_remembering(resolver.resolve), _remembering(QueryDict))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(resolver, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(prefixes):
            await _serve(ways, scope, receive, send)
        else:
            await django_app(scope, receive, send)

    return app


@dataclass(slots=True)
class _Ways:
    """What is the same from request to request: a third of a small answer."""

    resolve: Callable[[str], ResolverMatch]
    query: Callable[[str], QueryDict]  # cannot be changed, so that requests may share it
    hosts: set[str] = field(default_factory=set)


async def _live(resolver: URLResolver, receive: Receive, send: Send) -> None:
    """The lifespan protocol: https://asgi.readthedocs.io/en/latest/specs/lifespan.html"""
    await receive()
    try:
        resolver.url_patterns  # noqa: B018 - imports the views now, not in the first request
        await lifespan.startup()
    except Exception as error:
        logger.exception("The start failed")
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked at in every collection
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await lifespan.shutdown()
    await send({"type": "lifespan.shutdown.complete"})


async def _serve(ways: _Ways, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        request = ASGIRequest(scope, BytesIO())
    except UnicodeDecodeError:  # in the query string
        await _send(error_response(Code.BAD_REQUEST), send)
        return
    head = request.method == "HEAD"
    identifier = identify(request.META.get("HTTP_X_REQUEST_ID"))
    try:
        with _Client(receive) as client:
            response = await _answer(ways, request, client)
            response.headers["X-Request-ID"] = identifier
            if settings.SECURE_HSTS_SECONDS and request.is_secure():
                response.headers["Strict-Transport-Security"] = _hsts(own=own_host(request) is not None)
            if response.streaming:
                client.watch()
            await _send(response, send, head=head)
    except RequestAborted:
        pass
    finally:
        request.close()


def _remembering(function: Callable[[str], T]) -> Callable[[str], T]:
    """Of short texts only: strangers choose them, and could fill the memory."""
    remembered = lru_cache(_REMEMBERED)(function)

    def ask(text: str) -> T:
        return remembered(text) if len(text) <= _SHORT else function(text)

    return ask


async def _answer(ways: _Ways, request: ASGIRequest, client: "_Client") -> HttpResponseBase:
    try:
        _check_host(request, ways.hosts)
        request.GET = ways.query(request.META["QUERY_STRING"])  # type: ignore[assignment]
        match = request.resolver_match = ways.resolve(request.path_info)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        if request.method == "HEAD":
            request.method = "GET"
        if request.method != "GET":
            receive = partial(client.read, request, _body_file(request), most=_longest_body(request))
            if request.content_type == _UPLOAD:
                request.receive_body = receive  # type: ignore[attr-defined]  # core.http.receive_body
            else:
                await receive()
        return cast(HttpResponseBase, await match.func(request, *match.args, **match.kwargs))
    except RequestAborted:
        raise
    except Http404:
        return error_response(Code.NOT_FOUND)
    except RequestDataTooBig:
        return error_response(Code.TOO_LARGE)
    except (SuspiciousOperation, MultiPartParserError):  # also DisallowedHost
        return error_response(Code.BAD_REQUEST)
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        return error_response(Code.INTERNAL)


def _check_host(request: ASGIRequest, hosts: set[str]) -> None:
    """Raises DisallowedHost. A header that passed is remembered: Django's check costs a tenth of the lane."""
    host = request.META.get("HTTP_HOST", "")
    if host not in hosts and not admit(request):  # a reseller's host may be taken back: it is looked up each time
        request.get_host()
        if len(hosts) < _HOSTS_REMEMBERED:
            hosts.add(host)


def _body_file(request: ASGIRequest) -> IO[bytes]:
    """`request.close()` closes it."""
    if request.content_type == _UPLOAD:
        request._stream = SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # type: ignore[assignment]  # noqa: SIM115
    return request._stream


def _longest_body(request: ASGIRequest) -> int:
    """In bytes. Raises RequestDataTooBig for a body that says itself that it is longer."""
    most: int = settings.UPLOAD_MAX_BYTES if request.content_type == _UPLOAD else BODY_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise RequestDataTooBig
    return most


class _Client:
    """Who asked: sends a body, and may go away; then `with` ends as if all had been said.

    The view runs in the server's own task, and only when it takes long is there a second task that watches the client:
    two tasks for each request would cost half as much as the rest of the lane.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone = False
        self._start: asyncio.Handle | None = None
        self._watcher: asyncio.Task[None] | None = None

    def __enter__(self) -> "_Client":
        self._task = cast(asyncio.Task[None], asyncio.current_task())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._start is not None:
            self._start.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        # As asyncio.timeout does: only our own cancellation ends here, not one from outside that came at the same time.
        return self._gone and self._task.uncancel() == 0 and kind is asyncio.CancelledError

    async def read(self, request: ASGIRequest, body: IO[bytes], *, most: int) -> None:
        """The request's body into the file, and from then on `watch`. Raises RequestDataTooBig, RequestAborted."""
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            size += body.write(message.get("body", b""))
            if size > most:
                raise RequestDataTooBig
            more = message.get("more_body", False)
        body.seek(0)
        request.META["CONTENT_LENGTH"] = str(size)  # absent from a chunked request, and then Django sees no form
        self.watch()

    def watch(self) -> None:
        """From here on a client that goes cancels the task. The whole body must have been read."""
        if self._start is None:
            self._start = asyncio.get_running_loop().call_later(_UNWATCHED, self._begin)

    def _begin(self) -> None:
        self._watcher = self._task.get_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the body of a GET, which nobody reads
        self._gone = True
        self._task.cancel()


async def _send(response: HttpResponseBase, send: Send, *, head: bool = False) -> None:
    # `_store`: walking over the mapping itself looks every header up again, a tenth of a small answer.
    stored = response.headers._store.values()
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in stored]
    headers.append((b"x-content-type-options", b"nosniff"))
    start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
    if isinstance(response, StreamingHttpResponse):
        await send(start)
        await _send_stream(response, send, head=head)
        return
    body = cast(HttpResponse, response).content
    if response.status_code not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else body})


async def _send_stream(response: StreamingHttpResponse, send: Send, *, head: bool) -> None:
    """Takes Django's `_iterator`, the view's own generator: the wrappers around it would not be closed in time."""
    stream: AsyncGenerator[bytes | str, None] = response._iterator  # type: ignore[attr-defined]
    try:
        async with aclosing(stream):
            if not head:
                async for part in stream:
                    await send({"type": "http.response.body", "body": response.make_bytes(part), "more_body": True})
    except Exception:
        logger.exception("A stream broke off")  # no last message: the server cuts the connection, the client sees it
        return
    await send({"type": "http.response.body"})


def _hsts(*, own: bool) -> str:
    """own: on a reseller's host; what else is below it is not ours to decide on."""
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS and not own:
        parts.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD and not own:
        parts.append("preload")
    return "; ".join(parts)
