"""The only door to the network: nothing else of ours imports httpx or aiohttp.

httpx is the interface, aiohttp the transport: httpx's own one collapses at 64 open requests. Two clients per process:
`provider()` for addresses the operator configured, `guarded()` for those a tenant typed in. Neither follows redirects,
keeps cookies or reads proxies from the environment, and no error or log line carries an address, header or body.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from functools import cache, lru_cache
from time import perf_counter
from typing import Any, NamedTuple, NoReturn, cast

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict

from core import metrics, reach
from core.addresses import is_allowed, is_public, url_refusal
from core.codes import Code

logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO line is the URL, and a webhook's URL is a secret

_seconds = metrics.Histogram("chatdock_upstream_seconds", "Until the head of an answer, or a failure.", "upstream")

_DNS_SECONDS = 5  # a short cache: concurrent calls share a look-up
PER_HOST = 256  # connections of a process to one tenant's host: an answer may hold one for minutes

_NEVER_SENT = {
    # Names a tenant may choose for a header: these belong to the connection, or open metadata services.
    *("accept-encoding", "connection", "content-length", "cookie", "expect", "host", "keep-alive"),
    *("proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    *("metadata", "metadata-flavor", "x-aws-ec2-metadata-token", "x-aws-ec2-metadata-token-ttl-seconds"),
}
# UnicodeError and other ValueErrors: a header value that is not ASCII or has line breaks, a label too long for DNS.
_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError)


class OutboundError(Exception):
    """`code` for machines and visitors; the text says why to an admin, without the address."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code


# httpx's transport without httpx's client: redirects, cookies, proxies and logins are what we do not want, and leaving
# the machinery for them out halves what a call costs.
Door = httpx.AsyncBaseTransport


class Response(NamedTuple):
    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes


class Stream(NamedTuple):
    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


@cache
def provider() -> Door:
    """For base addresses out of the settings; private networks and http are the operator's choice."""
    return _PerLoop(_provider_session)


@cache
def guarded() -> Door:
    """For addresses a tenant typed in: `check_url` on every request, and public addresses only, as connected to."""
    return _Guard()


def check_url(url: str) -> None:
    """Raises OutboundError with a sentence for the admin when a tenant may not have this URL. Asks no name server."""
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    if any(ord(character) <= 32 or ord(character) == 127 for character in url) or "\\" in url:
        _refuse("The URL has spaces or backslashes.")
    if "@" in authority or "%" in authority:
        _refuse("The URL must not carry a user name, a password or an encoded host.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        _refuse("This is not a URL.")
    _check(parsed)


def is_exempt(url: str) -> bool:
    """Whether the operator lets this host and port through although it is not public, or without https."""
    parsed = _parsed(url)
    return is_allowed(_host(parsed), _port(parsed))


async def find_host(url: str) -> None:
    """Raises OutboundError when the host's name leads nowhere, or to no public address. Connects to nothing."""
    with _faults_translated():
        await reach.find(_host(_parsed(url)), _port(_parsed(url)), exempt=is_exempt(url))


async def send(
    client: Door,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    data: Mapping[str, Any] | None = None,
    files: Any = None,
    deadline: float,
    max_bytes: int,
) -> Response:
    """One call, answer in memory. `deadline` (seconds) bounds all of it: queue, DNS, connect, answer.

    Raises OutboundError. Any HTTP status is an answer, redirects too: judging it is the caller's. Bodies above 1 MB
    belong in `files`, which is sent piece by piece.
    """
    with _faults_translated():
        async with asyncio.timeout(deadline):
            request = _request(method, url, headers, content=content, data=data, files=files)
            async with aclosing(await _open(client, request)) as response:
                body = await _read(response, max_bytes)
    return Response(response.status_code, response.headers, body)


@asynccontextmanager
async def stream(
    client: Door,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    data: Mapping[str, Any] | None = None,
    files: Any = None,
    connect: float,
    first_byte: float,
    idle: float,
    total: float,
    max_bytes: int,
) -> AsyncIterator[Stream]:
    """One call, answer as it comes. Seconds: `connect` for queue, DNS, TCP and TLS; then `first_byte` for sending the
    request and waiting for the answer's head; `idle` between two pieces of it; `total` for everything.

    Raises OutboundError, on entering or from `chunks`.
    """
    ends = asyncio.get_running_loop().time() + total
    with _faults_translated():
        async with asyncio.timeout(min(connect + first_byte, total)):
            request = _request(method, url, headers, content=content, data=data, files=files)
            request.extensions["timeout"] = {"pool": connect, "connect": connect}
            response = await _open(client, request)
    chunks = _chunks(response, idle=idle, ends=ends, max_bytes=max_bytes)
    try:
        async with aclosing(chunks):
            yield Stream(response.status_code, response.headers, chunks)
    finally:
        with suppress(*_FAULTS):
            await response.aclose()


# One exchange

_OF_ENCODED = {"content-type", "content-length"}  # headers that httpx writes for a form or JSON


def _request(
    method: str, url: str, headers: Mapping[str, str] | None, *, content: bytes | None, **encoded: Any
) -> httpx.Request:
    named = ((name.lower(), value) for name, value in (headers or {}).items())
    kept = {name: value for name, value in named if name not in _NEVER_SENT}
    # Unpacking would let a small answer outgrow every limit.
    ours = {"accept": "*/*", "user-agent": "Chatdock", **kept, "accept-encoding": "identity"}
    if content is not None:
        encoded = {"stream": httpx.ByteStream(content)}
    request = httpx.Request(method, _parsed(url), **encoded)
    if content is not None:
        request.read()
    ours = {name: value for name, value in request.headers.items() if name in _OF_ENCODED} | ours
    if not all(value.isascii() for value in ours.values()):
        raise ValueError("A header is not ASCII.")  # aiohttp would send it as UTF-8
    request.headers = CIMultiDict(ours)  # type: ignore[assignment]  # aiohttp reads its own six times faster
    return request


@lru_cache(256)
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


async def _open(client: Door, request: httpx.Request) -> httpx.Response:
    began = perf_counter()
    try:
        response = await client.handle_async_request(request)
    finally:
        _seconds.observe("tenant" if isinstance(client, _Guard) else "provider", perf_counter() - began)
    response.request = request
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        await response.aclose()
        raise OutboundError(Code.UPSTREAM_MALFORMED, "The answer is compressed although we asked for a plain one.")
    return response


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The body as it comes: plain, as `_open` has seen to, so that httpx's decoders have nothing to do."""
    return cast("AsyncGenerator[bytes, None]", aiter(cast(httpx.AsyncByteStream, response.stream)))


async def _read(response: httpx.Response, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in _pieces(response):
        body += chunk
        if len(body) > max_bytes:
            _refuse_length(max_bytes)
    return bytes(body)


async def _chunks(response: httpx.Response, *, idle: float, ends: float, max_bytes: int) -> AsyncGenerator[bytes, None]:
    clock = asyncio.get_running_loop().time
    received = 0
    async with aclosing(_pieces(response)) as source:
        while True:
            with _faults_translated():
                async with asyncio.timeout_at(min(clock() + idle, ends)):
                    chunk = await anext(source, None)
            if chunk is None:
                return
            received += len(chunk)
            if received > max_bytes:
                _refuse_length(max_bytes)
            yield chunk


# What went wrong

# The first match counts. httpx-aiohttp calls most of these a ConnectTimeout; aiohttp's own error is its cause.
_DIAGNOSES: tuple[tuple[tuple[type[Exception], ...], Code, str], ...] = (
    ((TimeoutError, httpx.TimeoutException), Code.UPSTREAM_TIMEOUT, "There was no answer in time."),
    ((aiohttp.InvalidURL, httpx.ConnectError), Code.UPSTREAM_UNREACHABLE, reach.UNREACHABLE),
    (
        (aiohttp.ClientResponseError, aiohttp.ClientPayloadError, httpx.ProtocolError, httpx.StreamError),
        Code.UPSTREAM_MALFORMED,
        "The answer is not HTTP, or ends before it is complete.",
    ),
    (
        (aiohttp.ClientConnectionError, ConnectionError, httpx.NetworkError),
        Code.UPSTREAM_ERROR,
        "The connection was closed before the answer was complete.",
    ),
    ((ValueError,), Code.UPSTREAM_UNREACHABLE, "The URL or a header has characters that cannot be sent."),
)


@contextmanager
def _faults_translated() -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise _diagnosis(fault) from None  # its text has the URL


def _diagnosis(fault: Exception) -> OutboundError:
    cause = fault.__cause__ if isinstance(fault.__cause__, aiohttp.ClientError) else fault
    if isinstance(cause, aiohttp.ClientConnectorError):  # before the timeouts: some are one, too
        return OutboundError(Code.UPSTREAM_UNREACHABLE, reach.reason_of(cause.__cause__))
    for kinds, code, reason in _DIAGNOSES:
        if isinstance(cause, kinds):
            return OutboundError(code, reason)
    return OutboundError(Code.UPSTREAM_UNREACHABLE, reach.reason_of(cause))


def _refuse(reason: str) -> NoReturn:
    raise OutboundError(Code.UPSTREAM_UNREACHABLE, reason)


def _refuse_length(max_bytes: int) -> NoReturn:
    raise OutboundError(Code.UPSTREAM_MALFORMED, f"The answer is longer than {max_bytes} bytes.")


# The guard


def _check(url: httpx.URL) -> None:
    if url.userinfo or "%5c" in str(url).lower():
        _refuse("The URL must not carry a user name, a password or a backslash.")
    if reason := url_refusal(scheme=url.scheme, host=_host(url), port=_port(url)):
        _refuse(reason)


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii")


def _port(url: httpx.URL) -> int:
    if url.port is not None:
        return url.port
    return 443 if url.scheme == "https" else 80


def _public_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """aiohttp asks for the socket of every address it is about to connect to, so no second look-up can slip in."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise reach.NotPublic("not a public address")
    return socket.socket(family, kind, protocol)


class _Resolver(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=0)
            for kind, _, protocol, _, address in await reach.look_up(host, port, family)
        ]

    async def close(self) -> None:
        pass  # its threads serve every event loop of the process


class _Guard(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self._public = _PerLoop(_guarded_session)
        self._allowed = _PerLoop(_provider_session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _check(request.url)
        transport = self._allowed if is_allowed(_host(request.url), _port(request.url)) else self._public
        return await transport.handle_async_request(request)


# Clients


class _PerLoop(httpx.AsyncBaseTransport):
    """aiohttp's sessions live in one event loop; tasks and sync views run loops of their own beside the server's."""

    def __init__(self, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._session = session
        self._open: dict[asyncio.AbstractEventLoop, tuple[AiohttpTransport, AsyncIterator[None]]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        if loop not in self._open:
            transport = AiohttpTransport(verify=_tls(), client=self._session())
            self._open[loop] = transport, self._life(loop, transport)
            await anext(self._open[loop][1])
        return await self._open[loop][0].handle_async_request(request)

    async def _life(self, loop: asyncio.AbstractEventLoop, transport: AiohttpTransport) -> AsyncIterator[None]:
        """A loop that ends lets its generators finish (`shutdown_asyncgens`): whoever runs it, nothing stays open."""
        try:
            yield
        finally:
            del self._open[loop]
            await transport.aclose()


def _provider_session() -> aiohttp.ClientSession:
    return _session(aiohttp.TCPConnector(limit=1024, keepalive_timeout=30, ssl=_tls()))


def _guarded_session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=1024,
        limit_per_host=PER_HOST,
        keepalive_timeout=4,  # n8n's server closes after 5 s; a POST into a closing connection is lost
        ssl=_tls(),
        resolver=_Resolver(),
        ttl_dns_cache=_DNS_SECONDS,
        socket_factory=_public_socket,
    )
    return _session(connector)


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Content-Type",),
        trust_env=False,
    )


@cache
def _tls() -> ssl.SSLContext:
    """The bundled certificates, or those of SSL_CERT_FILE. Loading them takes 20 ms, hence once."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
