"""A reseller's own hosts: verified ones are honoured, for its customers alone; the rest is as ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone

from accounts import brands
from accounts.guest_models import Invitation
from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from core.lane import lane
from tests.brands import DASHBOARD, EMBED, dress, own_host
from tests.build import PASSWORD, make_license, make_organization, make_user, make_widget
from tests.frames import Frame, boot_of
from tests.guests import let_in
from widgets.models import Widget

pytestmark = pytest.mark.django_db(transaction=True)
APP, CHAT = "https://app.test", "https://chat.test"


@pytest.fixture(autouse=True)
def two_hosts(settings: Any) -> None:
    settings.DASHBOARD_URL, settings.EMBED_URL = APP, CHAT
    settings.ALLOWED_HOSTS = ["app.test", "chat.test"]


@pytest.fixture
def agency() -> Organization:
    agency = make_organization("Alice's agency", make_user("alice"), kind="reseller")
    own_host(agency, "dashboard", DASHBOARD)
    own_host(agency, "embed", EMBED)
    return agency


@pytest.fixture
def shop(agency: Organization) -> Organization:
    shop = create_organization(actor=None, name="Bob's shop", parent=agency)
    add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.OWNER)
    return shop


@pytest.fixture
def stranger() -> Organization:
    """charlie's: a customer of another reseller, which has hosts too."""
    other = make_organization("Charlie's agency", kind="reseller")
    own_host(other, "embed", "chat.charlie.test")
    shop = create_organization(actor=None, name="Charlie's bakery", parent=other)
    add_member(actor=None, organization=shop, user=make_user("charlie"), role=Role.OWNER)
    return shop


def widget_of(organization: Organization, **facts: Any) -> Widget:
    return make_widget(make_license(organization), **facts)


def on(host: str) -> Client:
    return Client(headers={"Host": host})


def loader(widget: Widget) -> str:
    return f"/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}"


def log_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post("/login/", {"login": f"{name}@example.com", "password": password})


# Which hosts answer


@pytest.mark.parametrize(
    "host", ["evil.test", f"x.{DASHBOARD}", f"{DASHBOARD}.", f"{DASHBOARD}:8443", "localhost", "["]
)
def test_host_that_is_not_verified_is_a_bad_request(agency: Organization, host: str) -> None:
    assert on(host).get("/login/").status_code == 400


def test_named_but_not_verified_is_a_bad_request(agency: Organization) -> None:
    own_host(make_organization("Other", kind="reseller"), "dashboard", "app.other.test", verified=False)
    assert on("app.other.test").get("/login/").status_code == 400


def test_forwarded_host_changes_nothing(agency: Organization) -> None:
    client = Client(headers={"Host": "evil.test", "X-Forwarded-Host": DASHBOARD})
    assert client.get("/login/").status_code == 400


def test_faces_are_kept_apart_and_operators_stay_at_home(agency: Organization, shop: Organization) -> None:
    widget = widget_of(shop)
    asked = {
        (DASHBOARD, "/login/"): 200,
        (DASHBOARD, loader(widget)): 404,
        (DASHBOARD, "/admin/"): 404,
        (DASHBOARD, "/internal/hostname-allowed?domain=x"): 404,
        (EMBED, "/login/"): 404,
        (EMBED, "/static/css/base.css"): 404,
        (EMBED, loader(widget)): 200,
        (EMBED, "/healthz"): 200,
    }
    assert {(host, path): on(host).get(path).status_code for host, path in asked} == asked


def test_host_ends_when_it_is_taken_back(agency: Organization) -> None:
    assert on(DASHBOARD).get("/login/").status_code == 200
    agency.hostnames.all().delete()
    brands.kept.forget(brands.TOPIC)
    assert on(DASHBOARD).get("/login/").status_code == 400


async def _through_the_lane(host: str, path: str) -> tuple[int, dict[bytes, bytes]]:
    found: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        found.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "scheme": "https"}
    scope |= {"headers": [(b"host", host.encode())], "http_version": "1.1"}
    await LANE(scope, receive, send)
    return found[0]["status"], dict(found[0]["headers"])


async def _none(*_: Any) -> None:
    raise AssertionError("not for Django")


LANE = lane(_none, urlconf=django_settings.PUBLIC_URLCONF, prefixes=django_settings.PUBLIC_PREFIXES)


async def test_lane_honours_them_without_a_query(django_assert_num_queries: Any, settings: Any) -> None:
    """And forgets one that was taken back, though it remembers the platform's."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 60, True
    own = brands.OwnHost(is_embed=True, owner=1)
    brands.kept.directory = brands.Directory(hosts={EMBED: own})
    path = "/embed/absent.js"
    statuses = {host: (await _through_the_lane(host, path))[0] for host in (EMBED, "chat.test", "evil.test")}
    assert statuses == {EMBED: 404, "chat.test": 404, "evil.test": 400}
    assert (await _through_the_lane(EMBED, path))[1][b"strict-transport-security"] == b"max-age=60"

    brands.kept.directory = brands.Directory()
    assert (await _through_the_lane(EMBED, path))[0] == 400


# Chats


def test_chat_works_on_the_own_host(shop: Organization) -> None:
    widget = widget_of(shop)
    client = on(EMBED)
    script = client.get(loader(widget)).content.decode()
    frame = Frame(client, widget)

    assert (f'o:"https://{EMBED}"' in script, CHAT in script) == (True, False)
    assert frame.boot["parentOrigin"] == "https://shop.test"
    ancestors = frame.response["Content-Security-Policy"].rpartition("frame-ancestors ")[2]
    assert ancestors.split() == [APP, f"https://{DASHBOARD}", "https://shop.test"]
    assert frame.post("history", Origin=f"https://{EMBED}").status_code == 200
    foreign = frame.post("history", Origin=CHAT)
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "request_not_same_origin")


def test_code_with_the_platforms_host_goes_on(shop: Organization) -> None:
    widget = widget_of(shop)
    client = on("chat.test")

    assert f'o:"{CHAT}"' in client.get(loader(widget)).content.decode()
    assert Frame(client, widget).post("history").status_code == 200


def test_others_chats_are_not_there(agency: Organization, stranger: Organization) -> None:
    """Another reseller's, the platform's own, and the reseller's own are as absent as an invented one."""
    absent = on(EMBED).get(loader(widget_of(stranger)).replace("lic_", "lic_x"))
    for organization in (stranger, make_organization("Alone")):
        widget = widget_of(organization)
        client = on(EMBED)
        answer = client.get(loader(widget))
        assert (answer.status_code, answer.content) == (200, absent.content)
        assert b"widget_not_found" in answer.content
        assert Frame(client, widget).code == "widget_not_found"

        allowed = Frame(on("chat.test"), widget)
        allowed.client = client
        refused = allowed.post("history", Origin=f"https://{EMBED}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "widget_not_found")


@pytest.mark.parametrize(
    ("hides", "features", "shown"),
    [(False, ["n8n", "remove_branding"], True), (True, ["n8n"], True), (True, ["n8n", "remove_branding"], False)],
)
def test_powered_by_goes_where_reseller_and_plan_say_so(
    agency: Organization, shop: Organization, hides: bool, features: list[str], shown: bool
) -> None:
    dress(agency, hide_powered_by=hides)
    widget = make_widget(make_license(shop, features=features))

    assert bool(Frame(on(EMBED), widget).boot["brand"]) is shown


# The dashboard


def test_dashboard_is_dressed(agency: Organization, shop: Organization) -> None:
    dress(agency, name="Alice’s chats", accent="#0f766e", support_link="https://alice.example/help")
    client = on(DASHBOARD)
    login = client.get("/login/").content.decode()
    for text in ("Log in · Alice’s chats", "/brand/colours/0f766e-", 'href="https://alice.example/help"'):
        assert text in login
    assert "Chatdock" not in login

    assert log_in(client, "bob").status_code == 302
    paths = ("/o/bobs-shop/widgets/", "/o/bobs-shop/overview/", "/password/change/", "/absent/")
    pages = [client.get(path).content.decode() for path in paths]
    assert ["Alice’s chats" in page and "Chatdock" not in page for page in pages] == [True] * 4


def test_brand_follows_the_customer_to_the_platforms_host(agency: Organization, shop: Organization) -> None:
    dress(agency, name="Alice’s chats")
    client = on("app.test")
    assert "Log in · Chatdock" in client.get("/login/").content.decode()
    log_in(client, "bob")
    assert "Alice’s chats" in client.get("/o/bobs-shop/widgets/").content.decode()


def test_reseller_and_its_customers_log_in(agency: Organization, shop: Organization) -> None:
    for name in ("alice", "bob"):
        assert log_in(on(DASHBOARD), name).status_code == 302


def test_others_are_told_the_same_as_with_a_wrong_password(agency: Organization, stranger: Organization) -> None:
    def page(name: str, password: str) -> tuple[int, str, list[str]]:
        client = on(DASHBOARD)
        answer = log_in(client, name, password)
        errors = answer.context["form"].non_field_errors()
        return answer.status_code, str(errors), sorted(client.cookies)

    make_user("operator", is_superuser=True, is_staff=True)
    wrong = page("charlie", "not the password")
    assert page("charlie", PASSWORD) == page("operator", PASSWORD) == page("nobody", PASSWORD) == wrong
    assert log_in(on("app.test"), "charlie").status_code == 302


def test_who_no_longer_belongs_is_logged_out(agency: Organization, shop: Organization) -> None:
    client = on(DASHBOARD)
    log_in(client, "bob")
    assert client.get("/o/bobs-shop/widgets/").status_code == 200
    shop.memberships.all().delete()

    assert client.get("/o/bobs-shop/widgets/").url.startswith("/login/")


def test_session_of_another_host_opens_nothing_here(agency: Organization, stranger: Organization) -> None:
    elsewhere, client = on("app.test"), on(DASHBOARD)
    log_in(elsewhere, "charlie")
    client.cookies = elsewhere.cookies

    assert client.get("/o/charlies-bakery/widgets/").url.startswith("/login/")


def test_other_organizations_of_the_same_person_stay_away(shop: Organization, stranger: Organization) -> None:
    bob = shop.memberships.get().user
    add_member(actor=None, organization=stranger, user=bob, role=Role.OWNER)
    client = on(DASHBOARD)
    log_in(client, "bob")
    page = client.get("/o/bobs-shop/widgets/").content.decode()

    assert "Charlie" not in page + client.get("/organizations/").content.decode()
    for path in ("/o/charlies-bakery/widgets/", "/organizations/charlies-bakery/leave/"):
        assert client.get(path).status_code == 404
    assert client.get("/").url == "/o/bobs-shop/overview/"


def test_guest_of_another_resellers_customer_is_nobody_here(agency: Organization, stranger: Organization) -> None:
    guest = let_in(stranger, name="guest")
    add_member(actor=None, organization=agency, user=guest, role=Role.RESELLER_MANAGER)
    statuses = []
    for host in ("app.test", DASHBOARD):
        client = on(host)
        log_in(client, "guest")
        statuses.append(client.get("/o/charlies-bakery/widgets/").status_code)
    assert statuses == [200, 404]


def test_forms_of_another_site_are_refused(shop: Organization, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [APP]
    client = Client(headers={"Host": DASHBOARD}, enforce_csrf_checks=True)
    token = client.get("/login/", secure=True).context["csrf_token"]
    sent = {"login": "bob@example.com", "password": PASSWORD, "csrfmiddlewaretoken": str(token)}

    def post(origin: str) -> int:
        return client.post("/login/", sent, secure=True, headers={"Origin": origin}).status_code

    assert [post(origin) for origin in (f"https://{EMBED}", "https://evil.test", f"https://{DASHBOARD}")] == [
        403,
        403,
        302,
    ]


def test_install_page_and_preview_use_the_own_hosts(shop: Organization) -> None:
    widget = widget_of(shop)
    client = on(DASHBOARD)
    log_in(client, "bob")
    base = f"/o/bobs-shop/widgets/{widget.public_id}/"
    install = client.get(f"{base}install/")
    page = install.content.decode()
    assert (f"https://{EMBED}/api/widget/" in page, CHAT in page) == (True, False)

    sources = client.get(base)["Content-Security-Policy"].partition("frame-src ")[2].partition(";")[0]
    assert f"https://{EMBED}" in sources.split()
    typed = {"configuration": widget.draft}
    asked = client.post(f"{base}preview-config/", typed, content_type="application/json").json()
    host = asked["urls"]["host"]
    assert host.startswith(f"https://{EMBED}/widget/preview?")
    shown = on(EMBED).get(host.removeprefix(f"https://{EMBED}"))
    assert shown["Content-Security-Policy"].endswith(f"frame-ancestors https://{DASHBOARD}")
    framed = on(EMBED).get(asked["urls"]["page"].removeprefix(f"https://{EMBED}"))
    assert framed["Content-Security-Policy"].endswith(f"frame-ancestors https://{EMBED} https://{DASHBOARD}")
    assert boot_of(framed.content.decode())["configurator"]["dashboard"] == f"https://{DASHBOARD}"


def test_mails_of_an_account_are_in_the_hosts_name(agency: Organization, shop: Organization) -> None:
    dress(agency, name="Alice’s chats", mail_reply_to="help@alice.example")
    on(DASHBOARD).post("/password/reset/", {"email": "bob@example.com"})
    [mail] = django_mail.outbox

    assert (mail.reply_to, f"http://{DASHBOARD}/password/reset/key/" in mail.body) == (["help@alice.example"], True)
    assert ("Alice’s chats" in mail.body, "Chatdock" in mail.body + mail.from_email) == (True, False)


def test_new_password_of_others_is_no_matter_of_the_reseller(agency: Organization, shop: Organization) -> None:
    """A reseller can lead its host to a server of its own, and would read the key in the link."""
    make_user("operator", is_superuser=True, is_staff=True)
    guest = make_user("guest")
    end = timezone.now() + timedelta(days=1)
    Invitation.objects.create(organization=shop, email=guest.email, role="editor", expires_at=end)
    make_organization("Charlie's bakery", make_user("charlie"))
    answers = {_ask_for_password(name) for name in ("operator", "guest", "charlie", "nobody", "bob")}
    assert answers == {(302, "/password/reset/done/")}
    assert ["/key/" in mail.body for mail in django_mail.outbox] == [False] * 4 + [True]

    add_member(actor=None, organization=shop, user=guest, role=Role.EDITOR)
    _ask_for_password("guest")
    make_organization("A shop of their own", guest)
    _ask_for_password("guest")
    here, ours = (mail.body for mail in django_mail.outbox[-2:])
    assert (f"http://{DASHBOARD}/password/reset/key/" in here, f"{APP}/password/reset/key/" in ours) == (True, True)
    assert DASHBOARD not in ours


def _ask_for_password(name: str) -> tuple[int, str]:
    answer = on(DASHBOARD).post("/password/reset/", {"email": f"{name}@example.com"})
    return answer.status_code, answer.url


def test_addresses_are_confirmed_on_the_platforms_host(agency: Organization, shop: Organization) -> None:
    client = on(DASHBOARD)
    log_in(client, "bob")
    client.post("/email/", {"email": "robert@example.com", "action_add": ""})
    [mail] = django_mail.outbox
    assert (f"{APP}/confirm-email/" in mail.body, DASHBOARD in mail.body) == (True, False)


def test_nobody_signs_up_on_a_resellers_host(agency: Organization, settings: Any) -> None:
    settings.SIGNUP = "open"
    facts = {"email": "guest@example.com", "password1": "correct horse battery"}
    on(DASHBOARD).post("/signup/", facts)

    assert not User.objects.filter(email="guest@example.com").exists()
    assert "/signup/" not in on(DASHBOARD).get("/login/").content.decode()


def test_who_is_invited_may_come_in(agency: Organization, shop: Organization) -> None:
    guest = make_user("guest")
    end = timezone.now() + timedelta(days=1)
    invitation = Invitation.objects.create(organization=shop, email="Guest@example.com", role="editor", expires_at=end)
    assert log_in(on(DASHBOARD), "guest").status_code == 302

    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=timezone.now())
    assert log_in(on(DASHBOARD), "guest").status_code == 200
    assert guest.memberships.count() == 0
