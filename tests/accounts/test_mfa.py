import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.apitokens import authenticate, create_token
from accounts.models import AuditEvent
from core.crypto import key_id
from tests.accounts.people import SECRET, code, set_up_app
from tests.build import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


def log_in(client, user):
    return client.post("/login/", {"login": user.email, "password": PASSWORD})


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_and_recovery_codes_are_shown_once(client, alice):
    client.force_login(alice)
    secret = client.get("/mfa/totp/activate/").context["form"].secret
    response = client.post("/mfa/totp/activate/", {"code": code(secret)}, follow=True)
    codes = response.context["unused_codes"]
    assert (len(codes), codes[0] in response.content.decode()) == (10, True)
    assert codes[0] not in client.get("/mfa/recovery-codes/").content.decode()
    assert [message.subject for message in mail.outbox] == ["A change to your account"]
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["person.totp_activated"]


def test_secrets_are_sealed(alice):
    set_up_app(alice)
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    assert key_id(stored["totp"]["secret"]) == key_id(stored["recovery_codes"]["seed"]) == "t1"
    assert SECRET not in json.dumps(stored)


def test_password_alone_opens_nothing(client, alice):
    set_up_app(alice)
    assert log_in(client, alice).url == "/mfa/authenticate/"
    assert client.get("/").url == "/login/?next=/"
    assert client.post("/mfa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/mfa/authenticate/", {"code": code()}).url == "/"
    assert client.get("/").status_code == 200


def test_code_is_good_once(client, alice):
    set_up_app(alice)
    used = code()
    log_in(client, alice)
    client.post("/mfa/authenticate/", {"code": used})
    client.post("/logout/")
    log_in(client, alice)
    assert client.post("/mfa/authenticate/", {"code": used}).status_code == 200
    assert client.get("/").status_code == 302


def test_recovery_code_is_good_once(client, alice):
    recovery = set_up_app(alice)[0]
    for status in (302, 200):
        log_in(client, alice)
        assert client.post("/mfa/authenticate/", {"code": recovery}).status_code == status
        client.post("/logout/")


def test_who_stops_halfway_may_log_in_as_somebody_else(client, alice):
    set_up_app(alice)
    log_in(client, alice)
    assert client.get("/login/").url == "/mfa/authenticate/"
    assert client.post("/logout/").url == "/login/"
    assert client.get("/login/").status_code == 200


def test_admin_asks_for_the_second_factor_too(client):
    operator = make_user("bob", is_staff=True, is_superuser=True)
    set_up_app(operator)
    client.post("/login/", {"login": operator.email, "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.post("/mfa/authenticate/", {"code": code()}).url == "/admin/"


def test_app_is_switched_off(client, alice):
    set_up_app(alice)
    client.force_login(alice)
    assert client.post("/mfa/totp/deactivate/").url == "/mfa/"
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("kind", ["reseller", "platform"])
def test_powerful_organizations_open_to_a_second_factor_only(client, settings, kind, alice):
    settings.MFA_REQUIRED = True
    organization = make_organization("Agency", alice, kind=kind)
    client.force_login(alice)
    for page in ("team/", "widgets/", "licenses/"):
        assert client.get(f"/o/{organization.slug}/{page}").url == "/mfa/"
    assert client.post(f"/o/{organization.slug}/team/").url == "/mfa/"
    assert "asks its people for a second factor" in client.get("/mfa/").content.decode()
    set_up_app(alice)
    assert client.get(f"/o/{organization.slug}/team/").status_code == 200


def test_operators_admin_opens_to_a_second_factor_only(client, settings):
    settings.MFA_REQUIRED = True
    operator = make_user("bob", is_staff=True, is_superuser=True)
    client.force_login(operator)
    assert client.get("/admin/").url == "/mfa/"
    assert client.post("/admin/accounts/organization/add/", {"name": "x", "kind": "customer"}).url == "/mfa/"
    set_up_app(operator)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, settings, alice):
    settings.MFA_REQUIRED = True
    make_organization("Agency", alice, kind="reseller")
    set_up_app(alice)
    Authenticator.objects.filter(type="totp").delete()
    client.force_login(alice)
    assert client.get("/o/agency/team/").url == "/mfa/"


def test_customers_choose_themselves(client, settings, alice):
    settings.MFA_REQUIRED = True
    make_organization("Alice's shop", alice)
    client.force_login(alice)
    assert client.get("/o/alices-shop/team/").status_code == 200


def test_strangers_learn_nothing_of_what_is_required(client, settings, alice):
    settings.MFA_REQUIRED = True
    make_organization("Agency", alice, kind="reseller")
    client.force_login(make_user("charlie"))
    foreign, absent = client.get("/o/agency/team/"), client.get("/o/nowhere/team/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_tokens_ask_for_no_second_factor(client, settings, alice):
    settings.MFA_REQUIRED = True
    membership = make_organization("Agency", alice, kind="reseller").memberships.get()
    _, text = create_token(membership=membership, name="CI", scopes=["licenses:read"], now=timezone.now())
    assert authenticate(text.reveal(), ip="192.0.2.1", now=timezone.now()).membership == membership


def make_stale(client, seconds: int) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()


@pytest.mark.parametrize("path", ["/mfa/totp/activate/", "/mfa/webauthn/add/", "/mfa/recovery-codes/generate/"])
def test_changing_factors_asks_who_has_been_away(client, alice, path):
    client.force_login(alice)
    assert client.get(path).status_code == 200
    make_stale(client, 901)
    assert client.get(path).url == f"/reauthenticate/?next={path.replace('/', '%2F')}"
    assert client.post("/reauthenticate/", {"password": PASSWORD, "next": path}).url == path
    assert client.get(path).status_code == 200


def test_form_that_was_open_for_long_learns_whether_it_is_taken(client, alice):
    client.force_login(alice)
    make_stale(client, 3500)
    assert client.get("/login/again/").status_code == 200
    make_stale(client, 101)
    assert client.get("/login/again/").url == "/reauthenticate/?next=%2Flogin%2Fagain%2F"
    client.post("/reauthenticate/", {"password": PASSWORD, "next": "/login/again/"})
    assert client.get("/login/again/").status_code == 200


def test_wrong_password_shows_nobody(client, alice):
    client.force_login(alice)
    make_stale(client, 901)
    response = client.post("/reauthenticate/", {"password": "wrong", "next": "/mfa/totp/activate/"})
    assert "This is not your password." in response.content.decode()
    assert client.get("/mfa/totp/activate/").status_code == 302


def test_app_shows_that_it_is_you(client, alice):
    set_up_app(alice)
    client.force_login(alice)
    make_stale(client, 901)
    next_page = reverse("mfa_deactivate_totp")
    assert client.post("/mfa/reauthenticate/", {"code": code(), "next": next_page}).url == next_page


@pytest.mark.parametrize("row", [{}, {"id": "x", "rawId": "eA", "type": "public-key", "response": {}}, "text", [1]])
def test_made_up_passkey_logs_nobody_in(client, alice, row):
    response = client.post("/mfa/webauthn/login/", {"credential": json.dumps(row)})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session
