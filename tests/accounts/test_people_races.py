"""However many act at once, somebody owns the organization, and no more come in than there is room for."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.guest_models import Invitation
from accounts.invitations import InvalidInvitation, accept, invite
from accounts.models import Membership
from accounts.permissions import Role
from accounts.services import add_member
from accounts.team import NoRoom, TeamRefused, leave
from licenses.services import TrialRefused, begin_trial
from tests.build import make_license, make_organization, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def race(deeds: list[Callable[[], object]]) -> list[bool]:
    """All at the same moment; whether each went through."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> bool:
        barrier.wait()
        try:
            deed()
        except (TeamRefused, NoRoom, InvalidInvitation, TrialRefused):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_of_owners_who_all_leave_one_stays():
    shop = make_organization("Alice's shop", make_user("alice"))
    for number in range(5):
        add_member(actor=None, organization=shop, user=make_user(f"bob{number}"), role=Role.OWNER)
    gone = race([lambda m=m: leave(member=m) for m in shop.memberships.select_related("user", "organization")])
    assert sorted(gone) == [False, True, True, True, True, True]
    assert shop.memberships.get().role == Role.OWNER


def test_no_more_come_in_than_the_plan_has_room_for():
    shop = make_organization("Alice's shop", make_user("alice"))
    license = make_license(shop)
    people = [make_user(f"bob{number}") for number in range(6)]
    invited = [
        invite(actor=shop.memberships.get(), email=user.email, role=Role.EDITOR, now=timezone.now()) for user in people
    ]
    type(license).objects.update(limit_overrides={"members": 3})
    pairs = zip(people, invited, strict=True)
    came = race([lambda u=u, i=i: accept(user=u, invitation=i, now=timezone.now()) for u, i in pairs])
    assert (sum(came), Membership.objects.filter(organization=shop).count()) == (2, 3)


def test_one_link_is_taken_once():
    shop = make_organization("Alice's shop", make_user("alice"))
    make_license(shop)
    bob = make_user("bob")
    invitation = invite(actor=shop.memberships.get(), email=bob.email, role=Role.EDITOR, now=timezone.now())
    came = race([lambda: accept(user=bob, invitation=invitation, now=timezone.now())] * 4)
    assert (sum(came), Invitation.objects.exclude(accepted_at=None).count()) == (1, 1)


def test_one_person_begins_one_trial(settings):
    settings.SIGNUP = "open"
    alice = make_user("alice")
    began = race([lambda: begin_trial(actor=alice, name="Alice's shop", now=timezone.now())] * 4)
    assert (sum(began), Membership.objects.filter(user=alice).count()) == (1, 1)
