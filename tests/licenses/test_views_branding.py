import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import brands
from accounts.brand_models import Brand, Hostname
from accounts.branding import record_name, record_value
from accounts.models import Organization
from accounts.permissions import Role
from accounts.services import add_member
from core import dns
from core.codes import Code
from core.outbound import OutboundError
from tests.accounts.test_branding import picture
from tests.brands import EMBED, own_host
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
PAGE = "/o/alices-agency/branding/"


@pytest.fixture
def agency() -> Organization:
    return make_organization("Alice's agency", make_user("alice"), kind="reseller")


@pytest.fixture
def client(agency: Organization) -> Client:
    client = Client()
    client.force_login(agency.memberships.get().user)
    return client


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """What DNS says; a name that is not in it cannot be asked for."""
    texts: dict[str, list[str]] = {}

    async def txt_records(name: str) -> list[str]:
        if name not in texts:
            raise OutboundError(Code.UPSTREAM_TIMEOUT, "There was no answer in time.")
        return texts[name]

    monkeypatch.setattr(dns, "txt_records", txt_records)
    return texts


def test_look_is_saved_and_seen(client, agency):
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    typed = {"name": "Lantern", "accent": "0F766E", "support_link": "help@alice.example", "hide_powered_by": "on"}
    answer = client.post(PAGE, {**typed, "logo": logo})
    brands.kept.forget(brands.TOPIC)
    page = client.get(PAGE).content.decode()

    assert answer.status_code == 302
    brand = Brand.objects.get()
    look = brand.look()
    assert (look.name, look.accent, look.support_link, look.hide_powered_by) == (
        *("Lantern", "#0f766e"),
        *("mailto:help@alice.example", True),
    )
    assert f'src="/brand/logo/{brand.logo_digest}.png" alt="Lantern"' in page
    assert 'name="accent" value="#0f766e"' in page

    client.post(PAGE, {**typed, "remove_logo": "on"})
    assert Brand.objects.get().logo_digest == ""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"accent": "yellow"}, "Give a colour such as #0f766e."),
        ({"accent_dark": "#fff"}, "Give a colour such as #0f766e."),
        ({"support_link": "http://x.example"}, "begins with https://"),
        ({"mail_reply_to": "nobody"}, "Give an e-mail address."),
        ({"mail_name": "a<b>"}, "Leave out quotes and angle brackets."),
        ({"logo": SimpleUploadedFile("logo.svg", b"<svg/>", "image/svg+xml")}, "Use a PNG, JPEG or WebP file."),
    ],
    ids=["colour", "dark", "support", "reply", "sender", "logo"],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_lost(client, typed, says):
    answer = client.post(PAGE, {"name": "Lantern", **typed})

    page = answer.content.decode()
    field = next(iter(typed))
    assert answer.status_code == 422
    assert page.partition(f'id="id_{field}_error">')[2].partition("</p>")[0].strip().endswith(says) or says in page
    assert 'name="name" value="Lantern"' in page
    assert not Brand.objects.exists()


def test_hard_to_read_colours_are_told(client):
    client.post(PAGE, {"accent": "#ffff00"})
    assert "#ffff00 on white has a contrast of 1.07 : 1" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", [Role.RESELLER_MANAGER, Role.RESELLER_SUPPORT])
def test_others_of_the_reseller_may_not(agency, role):
    bob = make_user("bob")
    add_member(actor=None, organization=agency, user=bob, role=role)
    client = Client()
    client.force_login(bob)

    own_host(agency, "embed", EMBED)
    paths = [PAGE, f"{PAGE}embed/name/", f"{PAGE}embed/verify/", f"{PAGE}embed/remove/"]
    assert {client.post(path, {"name": "Mine", "host": "a.example"}).status_code for path in paths} == {403}
    assert (Hostname.objects.get().host, Brand.objects.exists()) == (EMBED, False)


def test_strangers_find_nothing(agency):
    client = Client()
    charlie = make_user("charlie")
    make_organization("Charlie's agency", charlie, kind="reseller")
    client.force_login(charlie)

    foreign, absent = client.get(PAGE), client.get("/o/nowhere/branding/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_customers_have_no_such_page(agency):
    bob = make_user("bob")
    make_organization("Bob's shop", bob, parent=agency)
    client = Client()
    client.force_login(bob)

    assert client.get("/o/bobs-shop/branding/").status_code == 403


def test_host_is_named_verified_and_removed(client, agency, names):
    client.post(f"{PAGE}embed/name/", {"host": "Chat.Agency.test"})
    hostname = Hostname.objects.get()
    page = client.get(PAGE).content.decode()
    for text in ("Not verified", record_name(hostname), record_value(agency)):
        assert text in page

    names[record_name(hostname)] = ["chatdock=somebody-else"]
    refused = client.post(f"{PAGE}embed/verify/")
    assert refused.status_code == 422
    assert "We found &#x27;chatdock=somebody-else&#x27;." in refused.content.decode()

    names[record_name(hostname)].append(record_value(agency))
    assert client.post(f"{PAGE}embed/verify/").status_code == 302
    assert '<span class="badge badge--good">Verified</span>' in client.get(PAGE).content.decode()
    client.post(f"{PAGE}embed/remove/")
    assert not Hostname.objects.exists()


def test_name_server_that_is_away_is_told(client, agency, names):
    own_host(agency, "embed", EMBED, verified=False)
    assert "could not be asked" in client.post(f"{PAGE}embed/verify/").content.decode()


def test_wrong_host_is_told_beside_its_field(client):
    answer = client.post(f"{PAGE}dashboard/name/", {"host": "https://app.example.com/"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'id="id_dashboard_host_error">Give a host name such as chat.example.com' in page
    assert 'value="https://app.example.com/"' in page


def test_checking_is_limited(client, agency, names, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verify": (1, 60)}
    hostname = own_host(agency, "embed", EMBED, verified=False)
    names[record_name(hostname)] = []
    pages = [client.post(f"{PAGE}embed/verify/").content.decode() for _ in range(2)]

    assert ["Wait a minute" in page for page in pages] == [False, True]


@pytest.mark.parametrize("path", ["embed/verify/", "embed/remove/", "other/verify/", "other/name/"])
def test_what_is_not_there_is_absent(client, path):
    assert client.post(PAGE + path, {"host": "a.example"}).status_code == 404


def test_platform_dresses_itself_and_has_no_hosts_here():
    client = Client()
    alice = make_user("alice")
    make_organization("Platform", alice, kind="platform")
    client.force_login(alice)
    client.post("/o/platform/branding/", {"name": "Big chats"})
    brands.kept.forget(brands.TOPIC)

    assert "Log in · Big chats" in Client().get("/login/").content.decode()
    assert "Your own host names" not in client.get("/o/platform/branding/").content.decode()
    assert client.post("/o/platform/branding/embed/name/", {"host": "chat.big.example"}).status_code == 422


def test_page_takes_few_queries(client, agency, django_assert_num_queries):
    own_host(agency, "embed", EMBED)
    brands.kept.read()
    with django_assert_num_queries(5):  # session, user, memberships, brand, host names
        client.get(PAGE)
