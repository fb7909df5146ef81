"""The lists that stand in no organization of one's own, or in the platform's alone: the same queries for any number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.acting import begin_support
from accounts.permissions import Role
from accounts.services import add_member
from tests.build import make_organization, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("count", [1, 3])]


def test_own_organizations(client, count, django_assert_num_queries):
    alice = make_user("alice")
    for number in range(count):
        make_organization(f"Alice's shop {number}", alice)
    client.force_login(alice)
    client.get("/organizations/")
    with django_assert_num_queries(3):  # session, user, memberships
        page = client.get("/organizations/")
    assert len(page.context["memberships"]) == count


def test_support(client, settings, count, django_assert_num_queries):
    settings.MFA_REQUIRED = False
    platform, bob = make_organization("Platform", kind="platform"), make_user("bob")
    member = add_member(actor=None, organization=platform, user=bob, role=Role.PLATFORM_SUPPORT)
    facts = {"reason": "Ticket 7", "lifetime": timedelta(hours=1), "now": timezone.now()}
    for number in range(count):
        shop = make_organization(f"Alice's shop {number}")
        begin_support(membership=member, organization=shop, **facts)
    client.force_login(bob)
    path = f"/o/{platform.slug}/support/?q=shop"
    client.get(path)
    with django_assert_num_queries(5):  # session, user, memberships, found, own visits
        page = client.get(path)
    assert (len(page.context["found"]), len(page.context["sessions"])) == (count, count)
