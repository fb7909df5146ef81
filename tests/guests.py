"""A reseller's person inside of one of its customers, for tests."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.acting import begin_impersonation
from accounts.grants import grant_access
from accounts.models import Organization, User
from tests.build import make_organization, make_user


def let_in(customer: Organization, *scopes: str, name: str = "charlie") -> User:
    """Makes somebody a reseller's owner, the customer theirs, and opens it to them."""
    now, guest = timezone.now(), make_user(name)
    customer.parent = make_organization(f"Agency of {name}", guest, kind="reseller")
    customer.save()
    for scope in ("impersonate", *scopes):
        grant_access(actor=None, organization=customer, scope=scope, now=now)
    home = customer.parent.memberships.get(user=guest)
    begin_impersonation(membership=home, organization=customer, reason="Ticket 7", lifetime=timedelta(hours=1), now=now)
    return guest


def as_guest(customer: Organization, *scopes: str) -> Client:
    client = Client()
    client.force_login(let_in(customer, *scopes))
    return client
