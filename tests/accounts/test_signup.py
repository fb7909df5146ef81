import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import AuditEvent, User
from tests.accounts.people import link_in_mail
from tests.build import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings):
    settings.SIGNUP = "open"


def sign_up(client, email: str = "Alice@Example.com", **values):
    return client.post("/signup/", {"email": email, "password1": PASSWORD, "name": "Alice"} | values)


def test_account_opens_once_the_address_is_confirmed(client):
    assert sign_up(client).url == "/confirm-email/"
    alice = User.objects.get()
    assert (alice.email, alice.name, mail.outbox[0].to) == ("alice@example.com", "Alice", ["alice@example.com"])
    assert client.get("/").url == "/login/?next=/"
    assert client.post("/login/", {"login": "alice@example.com", "password": PASSWORD}).url == "/confirm-email/"

    path = link_in_mail()
    assert "Is <strong>alice@example.com</strong> your address?" in client.get(path).content.decode()
    assert client.post(path).url == "/"
    assert client.get("/").url == "/begin/"
    assert EmailAddress.objects.get().verified is True


def test_link_opened_elsewhere_confirms_and_asks_to_log_in(client):
    sign_up(client)
    elsewhere = type(client)()
    assert elsewhere.post(link_in_mail()).url == "/login/"
    assert elsewhere.post("/login/", {"login": "alice@example.com", "password": PASSWORD}).url == "/"


def test_known_address_looks_like_an_unknown_one(client):
    make_user("alice")
    known, unknown = sign_up(client), sign_up(type(client)(), "bob@example.com")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {"alice@example.com": "You have an account already", "bob@example.com": "Confirm your e-mail"}
    assert User.objects.count() == 2


@pytest.mark.parametrize("password", ["short", "qwertyuiop", "alice@example"])
def test_weak_password_is_refused_and_nothing_typed_is_lost(client, password):
    response = sign_up(client, password1=password)
    assert response.context["form"].errors.keys() == {"password1"}
    assert 'value="Alice@Example.com"' in response.content.decode()
    assert not User.objects.exists()


def test_without_an_invitation_there_is_no_account_where_one_is_needed(client, settings):
    settings.SIGNUP = "invitation"
    assert "Accounts are by invitation" in client.get("/signup/").content.decode()
    sign_up(client)
    assert not User.objects.exists()
    assert "Make an account" not in client.get("/login/").content.decode()


def reset(client, email: str):
    return client.post("/password/reset/", {"email": email})


def test_new_password_comes_by_mail_and_ends_other_sessions(client):
    alice = make_user("alice")
    elsewhere = type(client)()
    elsewhere.force_login(alice)
    reset(client, alice.email)
    form = client.get(link_in_mail(), follow=True)
    new = "a longer horse battery"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert client.post("/login/", {"login": alice.email, "password": new}).url == "/"
    assert elsewhere.get("/").url == "/login/?next=/"
    assert mail.outbox[-1].subject == "A change to your account"
    event = AuditEvent.objects.get(action="person.password_reset")
    assert (event.actor, event.organization, event.ip) == (alice, None, "127.0.0.1")


def test_reset_of_an_unknown_address_looks_the_same(client):
    make_user("alice")
    known, unknown = reset(client, "alice@example.com"), reset(client, "bob@example.com")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.to for message in mail.outbox] == [["alice@example.com"], ["bob@example.com"]]
    assert mail.outbox[1].subject == "There is no account with this address"


def test_used_or_made_up_link_sets_no_password(client):
    assert "This link is no longer good" in client.get("/password/reset/key/1-abc-def/").content.decode()


def test_address_changes_once_the_new_one_is_confirmed(client):
    alice = make_user("alice")
    shop = make_organization("Alice's shop", alice)
    client.force_login(alice)
    client.post("/email/", {"action_add": "1", "email": "new@example.com"})
    alice.refresh_from_db()
    assert (alice.email, mail.outbox[0].to) == ("alice@example.com", ["new@example.com"])
    client.post(link_in_mail())
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert EmailAddress.objects.get().email == "new@example.com"
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert AuditEvent.objects.get(action="person.email_changed").organization == shop


def test_confirmation_pages_name_no_other_product(client):
    sign_up(client)
    assert "example.com!" not in mail.outbox[0].body
    assert mail.outbox[0].from_email == "Chatdock <chatdock@localhost>"
