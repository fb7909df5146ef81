from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Organization
from accounts.permissions import Role
from accounts.services import add_member
from licenses.models import License
from licenses.services import TrialRefused, begin_trial, create_plan
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(settings):
    settings.SIGNUP, settings.TRIAL_PLAN = "open", "trial"
    create_plan(actor=None, code="trial", name="Trial", limits={"widgets": 1}, features=["n8n"], duration_days=14)


@pytest.fixture
def alice(client):
    alice = make_user("alice")
    client.force_login(alice)
    return alice


def test_first_page_asks_for_the_organizations_name(client, alice):
    assert client.get("/").url == "/begin/"
    assert client.get("/begin/").status_code == 200
    assert client.post("/begin/", {"name": "Alice's shop"}).url == "/o/alices-shop/"
    shop, license = Organization.objects.get(), License.objects.get()
    assert (shop.kind, shop.memberships.get().role) == ("customer", Role.OWNER)
    assert (license.organization, license.plan.code, license.issuer) == (shop, "trial", None)
    assert license.expires_at - timezone.now() > timedelta(days=13)
    assert client.get("/o/alices-shop/", follow=True).status_code == 200
    actions = AuditEvent.objects.filter(organization=shop).order_by("pk").values_list("action", "actor__name")
    assert list(actions) == [
        ("organization.created", "alice"),
        ("member.added", "alice"),
        ("license.issued", None),
        ("trial.began", "alice"),
    ]


def test_name_is_needed(client, alice):
    assert client.post("/begin/", {"name": " "}).status_code == 422
    assert not Organization.objects.exists()


def test_nobody_begins_twice(client, alice):
    begin_trial(actor=alice, name="One", now=timezone.now())
    with pytest.raises(TrialRefused):
        begin_trial(actor=alice, name="Two", now=timezone.now())
    assert client.post("/begin/", {"name": "Two"}).url == "/organizations/"
    Organization.objects.get().memberships.all().delete()
    with pytest.raises(TrialRefused):
        begin_trial(actor=alice, name="Two", now=timezone.now())


def test_member_of_another_organization_begins_none(alice):
    add_member(actor=None, organization=make_organization("Bob's"), user=alice, role=Role.EDITOR)
    with pytest.raises(TrialRefused):
        begin_trial(actor=alice, name="Two", now=timezone.now())


def test_where_accounts_are_by_invitation_nobody_begins(client, alice, settings):
    settings.SIGNUP = "invitation"
    assert client.get("/").status_code == 200
    assert client.post("/begin/", {"name": "Alice's shop"}).url == "/organizations/"
    assert not Organization.objects.exists()


def test_plan_that_is_not_there_is_logged_and_gives_no_licence(alice, settings, caplog):
    settings.TRIAL_PLAN = "absent"
    begin_trial(actor=alice, name="Alice's shop", now=timezone.now())
    assert not License.objects.exists()
    assert "There is no plan 'absent'" in caplog.text
