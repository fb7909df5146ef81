from datetime import UTC, datetime

import pytest
from aiohttp import web

from accounts import brands
from accounts.brand_models import Hostname
from accounts.branding import (
    InvalidBranding,
    NotVerified,
    name_host,
    record_name,
    record_value,
    remove_host,
    verify_host,
)
from accounts.brands import dashboard_url, embed_url
from accounts.models import AuditEvent, Organization
from accounts.services import create_organization
from tests.brands import DASHBOARD, EMBED, own_host
from tests.build import make_organization, make_user
from tests.e2e.conftest import served_in_thread

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def agency(db) -> Organization:
    return make_organization("Alice's agency", kind="reseller")


@pytest.fixture
def shop(agency: Organization) -> Organization:
    return create_organization(actor=None, name="Bob's shop", parent=agency)


@pytest.fixture
def elsewhere(db) -> Organization:
    return make_organization("Charlie's agency", kind="reseller")


@pytest.fixture
def dns(settings):
    """A resolver over HTTPS that is strict about how it is asked. `dns[name]`: its texts, or a whole answer."""
    texts: dict[str, object] = {}

    async def answer(request: web.Request) -> web.Response:
        if request.headers["Accept"] != "application/dns-json" or request.query["type"] != "TXT":
            return web.Response(status=400)
        found = texts.get(request.query["name"])
        if isinstance(found, dict):
            return web.json_response(found)
        records = [{"name": request.query["name"], "type": 16, "TTL": 60, "data": text} for text in found or []]
        return web.json_response({"Status": 0 if found else 3, "Answer": records})

    app = web.Application()
    app.router.add_get("/dns-query", answer)
    with served_in_thread(app) as port:
        settings.DNS_URL = f"http://127.0.0.1:{port}/dns-query"
        yield texts


def test_name_is_written_as_browsers_do(agency):
    host = name_host(actor=None, organization=agency, face="dashboard", host=" App.München.Example ")
    assert host.host == "app.xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "10.0.0.1",
        "0x7f.1",
        "https://chat.example.com",
        "chat.example.com/x",
        "chat.example.com:8443",
        "*.example.com",
        "a_b.example.com",
        "testserver",
        "chat.platform.example",
        "x.y.listed.example",
        "[::1]",
        "a.b.",
    ],
)
def test_names_that_cannot_be_had(agency, settings, host):
    settings.EMBED_URL = "https://chat.platform.example"
    settings.ALLOWED_HOSTS = ["testserver", ".listed.example"]
    with pytest.raises(InvalidBranding):
        name_host(actor=None, organization=agency, face="embed", host=host)


def test_only_resellers_have_names_of_their_own(shop):
    for organization in (shop, make_organization("Platform", kind="platform")):
        with pytest.raises(InvalidBranding):
            name_host(actor=None, organization=organization, face="embed", host=EMBED)


def test_each_face_has_one_name_of_its_own(agency):
    first = name_host(actor=None, organization=agency, face="embed", host=EMBED)
    assert name_host(actor=None, organization=agency, face="embed", host=EMBED) == first
    with pytest.raises(InvalidBranding):
        name_host(actor=None, organization=agency, face="dashboard", host=EMBED)
    name_host(actor=None, organization=agency, face="embed", host="other.agency.test")

    assert [str(hostname) for hostname in Hostname.objects.all()] == ["other.agency.test"]


def test_name_counts_once_dns_says_so(agency, shop, dns):
    hostname = name_host(actor=make_user("alice"), organization=agency, face="embed", host=EMBED)
    with pytest.raises(NotVerified, match="found nothing there"):
        verify_host(actor=None, hostname=hostname, now=NOW)
    assert embed_url(shop) == "http://testserver"

    dns[record_name(hostname)] = ['"v=spf1 -all"', f'"{record_value(agency)[:9]}" "{record_value(agency)[9:]}"']
    verify_host(actor=None, hostname=hostname, now=NOW)
    brands.kept.forget(brands.TOPIC)

    assert (embed_url(shop), embed_url(agency), embed_url(None)) == (*[f"http://{EMBED}"] * 2, "http://testserver")
    assert dashboard_url(shop) == "http://testserver"
    remove_host(actor=None, hostname=hostname)
    brands.kept.forget(brands.TOPIC)
    assert embed_url(shop) == "http://testserver"


@pytest.mark.parametrize(
    "answer",
    [
        {"Status": 2},
        {"Status": 0, "Answer": "chatdock"},
        {"Status": 0, "Answer": [{"type": 16}]},
        {},
        ["chatdock=org_somebody-else"],
        {"Status": 0, "Answer": [{"type": 5, "data": "chatdock.example."}]},
    ],
    ids=["failure", "no list", "no data", "empty", "another's", "another type"],
)
def test_unclear_answers_verify_nothing(agency, dns, answer):
    hostname = name_host(actor=None, organization=agency, face="embed", host=EMBED)
    dns[record_name(hostname)] = answer
    with pytest.raises(NotVerified):
        verify_host(actor=None, hostname=hostname, now=NOW)
    assert Hostname.objects.get().verified_at is None


def test_resolver_that_is_away_is_told(agency, settings):
    settings.DNS_URL = "http://127.0.0.1:9/dns-query"
    hostname = name_host(actor=None, organization=agency, face="embed", host=EMBED)
    with pytest.raises(NotVerified, match="could not be asked"):
        verify_host(actor=None, hostname=hostname, now=NOW)


def test_asking_for_a_name_keeps_nobody_from_it(agency, elsewhere, dns):
    """And whoever proves it last has it."""
    squatter = name_host(actor=None, organization=elsewhere, face="embed", host=EMBED)
    hostname = name_host(actor=None, organization=agency, face="dashboard", host=EMBED)
    dns[record_name(hostname)] = [record_value(agency)]
    verify_host(actor=None, hostname=hostname, now=NOW)
    with pytest.raises(NotVerified):
        verify_host(actor=None, hostname=squatter, now=NOW)

    dns[record_name(hostname)] = [record_value(elsewhere)]
    verify_host(actor=None, hostname=squatter, now=NOW)
    verified = Hostname.objects.verified().get()
    assert (verified.organization, verified.face) == (elsewhere, "embed")
    assert AuditEvent.objects.get(action="hostname.lost").organization == agency


def test_proxy_learns_which_names_may_have_a_certificate(client, agency, settings):
    own_host(agency, "dashboard", DASHBOARD)
    own_host(agency, "embed", EMBED, verified=False)

    def ask(domain: str) -> tuple[int, bytes]:
        response = client.get("/internal/hostname-allowed", {"domain": domain})
        return response.status_code, response.content

    assert [ask(domain) for domain in (DASHBOARD, DASHBOARD.upper(), EMBED, "evil.test", "")] == [
        *[(200, b"")] * 2,
        *[(404, b"")] * 3,
    ]
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"ask": (1, 60)}
    assert ask("")[0] in (404, 429)
    assert ask("")[0] == 429
