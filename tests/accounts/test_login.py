import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from accounts.services import add_member
from tests.build import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str):
    return client.post("/login/", {"login": email, "password": password})


def test_right_password_leads_home(client):
    make_organization("Alice's shop", make_user("alice"))
    response = log_in(client, "Alice@Example.com ", PASSWORD)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").url == "/o/alices-shop/overview/"


def test_wrong_password_says_so_and_keeps_the_email(client):
    make_user("alice")
    response = log_in(client, "alice@example.com", "wrong")
    assert response.status_code == 200
    assert "This e-mail and password do not belong together." in response.content.decode()
    assert 'value="alice@example.com"' in response.content.decode()
    assert "wrong" not in response.content.decode()


def test_sixth_attempt_waits_even_with_the_right_password(client):
    make_user("alice")
    for _ in range(5):
        log_in(client, "alice@example.com", "wrong")
    response = log_in(client, "alice@example.com", PASSWORD)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "Too many attempts. Wait 1 minute, then try again." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_attempts_on_one_account_leave_another_free(client):
    make_user("alice")
    make_user("bob")
    for _ in range(6):
        log_in(client, "bob@example.com", "wrong")
    assert log_in(client, "alice@example.com", PASSWORD).status_code == 302


def test_next_leads_nowhere_else(client):
    make_user("alice")
    values = {"login": "alice@example.com", "password": PASSWORD, "next": "https://elsewhere.test/"}
    assert client.post("/login/", values).url == "/"


def test_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"


def test_logging_out_takes_a_post(client):
    client.force_login(make_user("alice"))
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert "_auth_user_id" not in client.session


def test_stranger_is_led_to_the_login(client):
    assert client.get("/").url == "/login/?next=/"


def test_person_without_organization_reads_what_to_do(client):
    client.force_login(make_user("alice"))
    response = client.get("/")
    assert response.status_code == 200
    assert "Ask whoever invited you" in response.content.decode()


def test_role_without_widgets_begins_with_licences(client):
    bob, organization = make_user("bob"), make_organization("Alice's shop")
    add_member(actor=None, organization=organization, user=bob, role=Role.BILLING)
    client.force_login(bob)
    assert client.get("/").url == "/o/alices-shop/licenses/"
    assert client.get("/o/alices-shop/").url == "/o/alices-shop/licenses/"


def test_organization_of_others_is_absent(client):
    make_organization("Alice's shop", make_user("alice"))
    client.force_login(make_user("charlie"))
    foreign, absent = client.get("/o/alices-shop/"), client.get("/o/nowhere/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_password_changes(client):
    alice = make_user("alice")
    client.force_login(alice)
    new = "a longer horse battery"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("accounts:password"), values).url == "/password/change/"
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_password_change_asks_for_the_old_one(client):
    client.force_login(make_user("alice"))
    values = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
    response = client.post(reverse("accounts:password"), values)
    assert response.context["form"].errors["oldpassword"]
