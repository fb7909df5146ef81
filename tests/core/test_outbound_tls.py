"""The door out and certificates: only one that is valid is spoken to, and the others are told apart."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from core import outbound
from core.codes import Code
from core.outbound import OutboundError
from tests.core.test_outbound import call
from tests.core.upstream import ok, says, upstream


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def server_tls(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def test_send_refuses_a_certificate_that_nobody_vouches_for(server_tls):
    async with upstream(says(ok()), tls=server_tls) as server:
        with pytest.raises(OutboundError) as caught:
            await call(server.url)
    assert (caught.value.code, server.requests) == (Code.UPSTREAM_UNREACHABLE, [])
    assert str(caught.value).startswith("The certificate is from an authority that is not known here")


@pytest.mark.parametrize(
    ("name", "days", "found"),
    [
        ("127.0.0.1", -1, "The certificate has expired."),
        ("n8n.example.com", 1, "The certificate is for another host."),
    ],
)
async def test_send_says_what_is_wrong_with_a_certificate(authority, monkeypatch, name, days, found):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ends = datetime.now(UTC) + timedelta(days=days)
    authority.issue_cert(name, not_before=ends - timedelta(days=2), not_after=ends).configure_cert(context)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    monkeypatch.setattr(outbound, "_tls", lambda: ours)
    async with upstream(says(ok()), tls=context) as server:
        with pytest.raises(OutboundError, match=found):
            await call(server.url, client=outbound._PerLoop(outbound._provider_session))


async def test_send_to_what_speaks_no_tls():
    async def answer_at_once(reader, writer):
        writer.write(ok())
        writer.close()

    async with await asyncio.start_server(answer_at_once, "127.0.0.1", 0) as server:
        with pytest.raises(OutboundError, match="does not speak https"):
            await call(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


async def test_send_accepts_a_certificate_of_a_trusted_authority(server_tls, authority, monkeypatch):
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(outbound, "_tls", lambda: trusting)
    async with upstream(says(ok()), tls=server_tls) as server:
        assert (await call(server.url)).status == 200
