"""How a licence comes into being and to its holder."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of
from licenses.entitlements import InvalidTerms
from licenses.keys import InvalidKey, key_digest
from licenses.models import License, Plan
from licenses.pool import within_pool
from licenses.services.common import LAST_YEAR, lock_license, require_plan, save
from licenses.services.keys import give_key
from licenses.states import State, derive


class UnknownKey(Exception):
    """No licence can be claimed with this key; whether there is one is not said."""


def issue_license(*, actor: Actor, plan: Plan, **facts: Any) -> License:
    """One licence; see issue_licenses for `facts` and what is raised."""
    return issue_licenses(actor=actor, plan=plan, count=1, **facts)[0]


def issue_licenses(
    *,
    actor: Actor,
    plan: Plan,
    count: int,
    organization: Organization | None = None,
    issuer: Organization | None = None,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
    allow_localhost: bool = False,
    now: datetime | None = None,
) -> list[License]:
    """So many licences, or none, for a customer or for nobody yet (into the pool). Keys are in `fresh_key`, once.

    `issuer` is the reseller whose pool they come out of; a reseller issues out of its own. Without `expires_at` the
    plan's duration counts, from the start or from the day somebody holds it. Raises InvalidTerms, NotAllowed,
    PlanNotAllowed, PoolExceeded.
    """
    now = now or timezone.now()
    authority = authority_of(actor)
    authority.require(Deed.ISSUE)
    if organization:
        authority.require_customer(organization)
    if authority.level == License.Level.RESELLER:
        issuer = authority.organization
    if organization and issuer:
        _require_child(organization, issuer)
    if starts_at and starts_at.year > LAST_YEAR:
        raise InvalidTerms(f"A licence starts before the year {LAST_YEAR + 1}.")
    if starts_at and expires_at and expires_at <= starts_at:
        raise InvalidTerms("A licence ends after it starts.")
    facts = {"starts_at": starts_at, "expires_at": expires_at, "allow_localhost": allow_localhost, "created_at": now}
    with within_pool(issuer, now=now) as account:
        require_plan(account, authority, plan.code)
        return [
            new_license(authority, plan=plan, organization=organization, issuer=issuer, **facts) for _ in range(count)
        ]


def new_license(authority: Authority, **facts: Any) -> License:
    """A part of a deed that has asked for leave and counts the pool."""
    license = License(**facts)
    _start_time(license, license.created_at)
    give_key(license)
    return save(license, authority, "license.issued", plan_version=license.plan.version)


@transaction.atomic
def assign_license(*, actor: Actor, license: License, organization: Organization, now: datetime) -> License:
    """Out of the pool to a customer, where its time begins. Raises NotAllowed."""
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.ASSIGN)
    authority.require_customer(organization)
    if license.issuer:
        _require_child(organization, license.issuer)
    return _hand_over(license, authority, organization, "license.assigned", now)


@transaction.atomic
def claim_license(*, actor: Authority, key: str, now: datetime) -> License:
    """A customer takes the licence that this key opens. Raises UnknownKey for every reason: keys are not probed.

    `actor` speaks for the customer. Callers limit how often somebody may try.
    """
    actor.require(Deed.CLAIM)
    found = find_by_key(key, now=now)
    if found is None or actor.organization is None:
        raise UnknownKey("No licence can be claimed with this key.")
    license, organization = lock_license(found), actor.organization
    issuer = license.issuer
    foreign = issuer and issuer.kind == Organization.Kind.RESELLER and organization.parent_id != issuer.pk
    if foreign or derive(license.facts(), now) is not State.POOL:
        raise UnknownKey("No licence can be claimed with this key.")
    return _hand_over(license, actor, organization, "license.claimed", now)


def find_by_key(key: str, *, now: datetime) -> License | None:
    """The licence of this key, or of the key before it while that is still good."""
    try:
        stored = key_digest(key)
    except InvalidKey:
        return None
    former = Q(previous_key_digest=stored, previous_key_until__gt=now)
    return License.objects.with_facts().filter(Q(key_digest=stored) | former).first()


def _hand_over(
    license: License, authority: Authority, organization: Organization, action: str, now: datetime
) -> License:
    if license.revoked_at or license.organization_id:
        raise NotAllowed("This licence is not in the pool.")
    license.organization = organization
    if license.expires_at is None:  # what passed in the pool does not count
        license.starts_at = max(license.starts_at or now, now)
    _start_time(license, now)
    return save(license, authority, action)


def _start_time(license: License, now: datetime) -> None:
    """The plan's duration runs from the start, or from the day somebody holds the licence."""
    if license.organization and license.expires_at is None and license.plan.duration_days is not None:
        license.expires_at = (license.starts_at or now) + timedelta(days=license.plan.duration_days)


def _require_child(organization: Organization, issuer: Organization) -> None:
    """Out of a reseller's pool to its own customers only. Raises NotAllowed."""
    if issuer.kind == Organization.Kind.RESELLER and organization.parent_id != issuer.pk:
        raise NotAllowed("The licence belongs to another reseller's pool.")
