"""No tenant reaches a private address: judged by URL when it is saved, by address when the connection is made."""

import asyncio
import socket
from asyncio.selector_events import BaseSelectorEventLoop

import aiohttp
import pytest
import uvloop
import yarl

from core import outbound, reach
from core.codes import Code
from core.outbound import OutboundError, check_url, guarded, send
from tests.core.upstream import ok, says, upstream

PUBLIC = "93.184.215.14"
NAME = "n8n.example.com"

REFUSED = [
    # Not https
    "",
    "n8n.example.com",
    "//n8n.example.com/",
    "https:/n8n.example.com",
    "https:n8n.example.com",
    "https://",
    "https:///webhook",
    "http://n8n.example.com/",
    "ftp://n8n.example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    # Ports
    "https://n8n.example.com:22/",
    "https://n8n.example.com:80/",
    "https://n8n.example.com:6379/",
    "https://n8n.example.com:0/",
    "https://n8n.example.com:65536/",
    "https://n8n.example.com:x/",
    # Another host than it looks like
    "https://n8n.example.com@127.0.0.1/",
    "https://bob:secret@n8n.example.com/",
    "https://n8n.example.com\\@127.0.0.1/",
    "https://127.0.0.1\\@n8n.example.com/",
    "https:\\\\127.0.0.1/",
    "https://n8n.example.com%5c@127.0.0.1/",
    "https://n8n.example.com/%5C%5C127.0.0.1/",
    "https://127.0.0.1%2f.example.com/",
    "https://127%2e0%2e0%2e1/",
    "https://n8n.example.com /",
    " https://n8n.example.com/",
    "https://n8n.example.com/\r\nX: y",
    "https://n8n.exa\tmple.com/",
    "https://n8n.example.com\x00.internal/",
    # Names
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://n8n.localhost/",
    "https://localhost.localdomain/",
    "https://n8n/",
    "https://n8n.example.com./",
    "https://n8n..example.com/",
    "https://printer.local/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://metadata/",
    "https://instance-data.ec2.amazonaws.com/",
    "https://host.docker.internal/",
    "https://n8n.default.svc.cluster.local/",
    "https://n8n.default.svc/",
    "https://router.lan/",
    "https://nas.home.arpa/",
    "https://nas.home/",
    "https://wiki.corp/",
    "https://wiki.intranet/",
    "https://1.0.0.127.in-addr.arpa/",
    # IPv4 in all its spellings
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0X7F.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://127\u30020\u30020\u30021/",
    "https://\u2460\u2461\u2466.0.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://1.2.3.4.5/",
    "https://256.0.0.1/",
    # IPv6
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:53aa:64c::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[100::1]/",
    "https://[3fff::1]/",
    "https://[5f00::1]/",
    "https://[::1/",
    "https://[v1.x]/",
]
REFUSED_AS_TYPED = ["https://@n8n.example.com/"]  # means the same without the @
ALLOWED = [
    "https://n8n.example.com/webhook/abc/chat",
    "HTTPS://N8N.Example.COM/webhook",
    "https://n8n.example.com:443/",
    "https://n8n.example.com:8443/",
    "https://n8n.example.com:5678/",
    "https://n8n.example.com?a=b@c",
    "https://n8n.example.com/a@b",
    "https://bücher.example.com/",
    "https://xn--bcher-kva.example.com/",
    "https://a_b.example.com/",
    "https://localhost.example.com/",
    "https://93.184.215.14/",
    "https://[2606:4700:4700::1111]/",
]
SPECIAL = [
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "192.168.1.1", "0.0.0.0", "168.63.129.16"),
    *("::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "fe80::1", "fd00:ec2::254", "::127.0.0.1"),
]


@pytest.fixture
def attempts(monkeypatch):
    """Every address that a connection is tried to; the public ones refuse."""
    tried: list[str] = []
    connect = BaseSelectorEventLoop.sock_connect

    async def watched(loop, sock, address):
        tried.append(address[0])
        if address[0] == PUBLIC:
            raise ConnectionRefusedError
        await connect(loop, sock, address)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", watched)
    return tried


@pytest.fixture
def resolve(monkeypatch):
    """`resolve(["1.2.3.4"], …)`: what the name server answers to the first, second, … question; the last one stays."""

    def answer(*answers):
        left = list(answers)

        def getaddrinfo(host, port, family=0, kind=0, *args, **kwargs):
            addresses = left.pop(0) if len(left) > 1 else left[0]
            if not addresses:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [_info(address, port) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return answer


def _info(address, port):
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


async def call(url, deadline=5):
    return await send(guarded(), "POST", url, deadline=deadline, max_bytes=1000)


async def refusal(url):
    with pytest.raises(OutboundError) as caught:
        await call(url)
    assert caught.value.code == Code.UPSTREAM_UNREACHABLE
    return str(caught.value)


# When it is saved


@pytest.mark.parametrize("url", REFUSED + REFUSED_AS_TYPED)
def test_check_url_refuses(url):
    with pytest.raises(OutboundError) as caught:
        check_url(url)
    assert caught.value.code == Code.UPSTREAM_UNREACHABLE


@pytest.mark.parametrize("url", ALLOWED)
def test_check_url_allows(url):
    check_url(url)


def test_check_url_names_the_reason_without_the_url():
    with pytest.raises(OutboundError, match=r"^The port must be 443, 5678 or 8443\.$"):
        check_url("https://hook-secret.example.com:22/")


def test_check_url_of_a_host_the_operator_allows(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9001", "[::1]:9001", "n8n:80"]
    for url in ("http://127.0.0.1:9001/webhook", "https://127.0.0.1:9001/", "http://[::1]:9001/", "http://n8n/"):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9002/", "http://localhost:9001/", "http://127.0.0.1/", "http://a@127.0.0.1:9001/"]
)
def test_check_url_of_a_host_beside_the_one_the_operator_allows(url, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9001"]
    with pytest.raises(OutboundError):
        check_url(url)


@pytest.mark.parametrize("url", ALLOWED)
def test_check_url_judges_the_host_that_is_connected_to(url):
    """httpx parses for the check, yarl for the connection: they must read the same."""
    judged = outbound.httpx.URL(url)
    connected = yarl.URL(str(judged))
    assert (outbound._host(judged), outbound._port(judged)) == (connected.raw_host, connected.port)


# When the connection is made


@pytest.mark.parametrize("url", REFUSED)
async def test_guarded_connects_nowhere_for_a_refused_url(url, attempts, resolve):
    resolve([PUBLIC])
    await refusal(url)
    assert attempts == []


@pytest.mark.parametrize("address", SPECIAL)
async def test_guarded_connects_nowhere_for_a_name_with_a_special_address(address, attempts, resolve):
    resolve([address])
    await refusal(f"https://{NAME}/")
    assert attempts == []


async def test_guarded_connects_to_a_public_address(attempts, resolve):
    resolve([PUBLIC])
    await refusal(f"https://{NAME}/")
    assert attempts == [PUBLIC]


async def test_guarded_skips_the_private_one_of_two_addresses(attempts, resolve):
    resolve([PUBLIC, "127.0.0.1"])
    await refusal(f"https://{NAME}/")
    assert set(attempts) == {PUBLIC}


@pytest.fixture
def listener(monkeypatch):
    """A service on loopback at a port that tenants may use: its port, and how many connections reached it."""
    monkeypatch.setattr(outbound, "_DNS_SECONDS", 0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        monkeypatch.setattr("core.addresses._PORTS", {port})

        def reached():
            count = 0
            while True:
                try:
                    server.accept()[0].close()
                except BlockingIOError:
                    return count
                count += 1

        yield port, reached


async def test_guarded_is_not_fooled_by_a_name_that_changes_its_address(attempts, resolve, listener):
    """Public when it is saved and first called, loopback at the next call."""
    port, reached = listener
    resolve([PUBLIC], ["127.0.0.1"])
    url = f"https://{NAME}:{port}/"
    check_url(url)
    for _ in range(3):
        await refusal(url)
    assert (attempts, reached()) == ([PUBLIC], 0)


def test_guarded_refuses_under_uvloop_too(resolve, listener):
    port, reached = listener
    resolve(["127.0.0.1"])
    uvloop.run(refusal(f"https://{NAME}:{port}/"))
    assert reached() == 0


async def test_guarded_sockets_refuse_an_address_without_a_look_up(listener):
    """Even where the check of the URL is missing."""
    port, reached = listener
    async with outbound._guarded_session() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{port}/")
    assert reached() == 0


async def test_guarded_reaches_the_host_the_operator_allows(settings):
    async with upstream(says(ok(b"hello"))) as server:
        settings.OUTBOUND_ALLOW = [server.authority]
        assert (await call(server.url)).body == b"hello"


async def test_guarded_refuses_another_name_for_the_host_the_operator_allows(settings, resolve, attempts):
    resolve(["127.0.0.1"])
    async with upstream(says(ok())) as server:
        settings.OUTBOUND_ALLOW = [server.authority]
        await refusal(f"http://{NAME}:{server.authority.partition(':')[2]}/")
    assert attempts == []


async def test_guarded_does_not_follow_a_redirect_to_a_private_address(settings, listener):
    port, reached = listener
    location = f"Location: http://127.0.0.1:{port}/".encode()
    async with upstream(says(ok(b"", location, status=b"302 Found"))) as server:
        settings.OUTBOUND_ALLOW = [server.authority]
        assert (await call(server.url)).status == 302
    assert reached() == 0


async def test_guarded_tells_a_private_name_from_an_unknown_one_and_not_where_it_leads(resolve):
    """A public name server tells as much to anybody; who listens behind a private address, nothing tells."""
    resolve(["10.0.0.1"], ["127.0.0.1", "::1"], [])
    told = [await refusal(f"https://{name}.example.com/") for name in ("one", "two", "three")]
    assert told == [reach.NOT_PUBLIC, reach.NOT_PUBLIC, reach.NAME_UNKNOWN]


async def test_guarded_holds_so_many_connections_to_one_host(monkeypatch):
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    monkeypatch.setattr(outbound, "PER_HOST", 20)
    open_now, peak, full = 0, 0, asyncio.Event()

    async def answer(writer):
        nonlocal open_now, peak
        open_now += 1
        peak = max(peak, open_now)
        if open_now == 20:
            full.set()
        await asyncio.wait_for(full.wait(), 20)
        await asyncio.sleep(0.05)  # for one too many
        open_now -= 1
        writer.write(ok())

    async with upstream(answer) as server, outbound._guarded_session() as session:
        answers = await asyncio.gather(*(session.get(server.url) for _ in range(50)))
        for one in answers:
            one.close()
    assert peak == 20
