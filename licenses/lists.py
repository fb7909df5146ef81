"""How licences, customers and resellers are searched, filtered and sorted."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from core.lists import Column, Filter, List
from licenses.models import LicenseQuerySet, Plan
from licenses.states import EXPIRING

STATES = (
    ("active", "Active"),
    ("expiring", "Ends soon"),
    ("ended", "Ended"),
    ("not_started", "Not started"),
    ("pool", "Not assigned"),
    ("suspended", "Suspended"),
    ("revoked", "Revoked"),
)


def licenses_list(plans: list[tuple[str, str]], *, sells: bool) -> List:
    """`plans`: (code, name) to filter by. A customer is asked for neither plans nor customers."""
    customer = [Column("customer", "Customer", Lower("organization__name"))] if sells else []
    by_plan = [Filter("plan", "Plan", plans, "plan__code")] if sells else []
    return List(
        nouns=("licence", "licences"),
        columns=[
            Column("plan", "Licence", "plan__name"),
            *customer,
            Column("state", "State"),
            Column("ends", "Ends", "expires_at"),
            Column("used", "Chats this month"),
            Column("issued", "Issued", "created_at", greatest_first=True, always_set=True),
        ],
        filters=[Filter("state", "State", STATES, in_state), *by_plan],
        search=["public_id", "organization__name__icontains", "organization__reference", "key_last4"],
        sort="-issued",
    )


CUSTOMERS = List(
    nouns=("customer", "customers"),
    columns=[
        Column("name", "Name", Lower("name")),
        Column("licenses", "Licences"),
        Column("used", "Chats this month"),
        Column("people", "People"),
        Column("since", "Since", "created_at", greatest_first=True),
    ],
    search=["name__icontains", "reference", "public_id", "slug"],
    sort="name",
)
RESELLERS = List(
    nouns=("reseller", "resellers"),
    columns=[
        Column("name", "Name", Lower("name")),
        Column("customers", "Customers"),
        Column("licenses", "Licences"),
        Column("since", "Since", "created_at", greatest_first=True),
    ],
    search=["name__icontains", "public_id", "slug"],
    sort="name",
)
PLANS = List(
    nouns=("plan", "plans"),
    columns=[Column("name", "Name", Lower("name")), Column("limits", "Limits"), Column("licenses", "Licences")],
    search=["name__icontains", "code"],
    sort="name",
)


def plan_choices(plans: Any) -> list[tuple[str, str]]:
    return [(plan.code, plan.name) for plan in plans.newest() if isinstance(plan, Plan)]


def in_state(licenses: LicenseQuerySet, state: str) -> LicenseQuerySet:
    """As licenses.states derives it; grace counts as ended."""
    now = timezone.now()
    suspended = (
        Q(suspended_at__isnull=False)
        | Q(organization__suspended_at__isnull=False)
        | Q(organization__parent__suspended_at__isnull=False)
        | Q(organization=None, issuer__suspended_at__isnull=False)
    )
    if state == "revoked":
        return licenses.filter(revoked_at__isnull=False)
    alive = licenses.filter(revoked_at=None)
    if state == "suspended":
        return alive.filter(suspended)
    running = alive.exclude(suspended)
    if state == "pool":
        return running.filter(organization=None)
    return running.filter(_by_dates(state, now), organization__isnull=False)


def _by_dates(state: str, now: datetime) -> Q:
    waiting = Q(starts_at__gt=now)
    if state == "not_started":
        return waiting
    ended, soon = Q(expires_at__lte=now), Q(expires_at__gt=now, expires_at__lte=now + EXPIRING)
    return ~waiting & {"ended": ended, "expiring": soon, "active": ~ended & ~soon}[state]
