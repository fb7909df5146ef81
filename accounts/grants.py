"""What a customer lets its reseller do. The customer grants and takes back; the reseller only reads."""

from datetime import datetime

from django.db import transaction

from accounts.models import DelegationGrant, Organization, User
from accounts.services import record


class NoReseller(ValueError):
    """Only a customer with a reseller has somebody to grant to."""


@transaction.atomic
def grant_access(
    *, actor: User, organization: Organization, scope: str, now: datetime, expires_at: datetime | None = None
) -> DelegationGrant:
    """Let the organization's reseller do this, until `expires_at` or until it is taken back. Raises NoReseller.

    A grant of the same scope that is still there is replaced.
    """
    if organization.parent is None:
        raise NoReseller("The organization has no reseller.")
    if expires_at is not None and expires_at <= now:
        raise ValueError("A grant ends in the future.")
    scope = DelegationGrant.Scope(scope)
    present = DelegationGrant.objects.for_organization(organization).filter(scope=scope, revoked_at=None)
    present.update(revoked_at=now)
    grant = DelegationGrant.objects.create(
        organization=organization,
        reseller=organization.parent,
        scope=scope,
        granted_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    until = expires_at.isoformat() if expires_at else None
    record(
        action="grant.given", actor=actor, organization=organization, target=grant.public_id, scope=scope, until=until
    )
    return grant


@transaction.atomic
def revoke_grant(*, actor: User | None, grant: DelegationGrant, now: datetime) -> DelegationGrant:
    grant = DelegationGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.revoked_at is None:
        grant.revoked_at = now
        grant.save(update_fields=["revoked_at"])
        record(
            action="grant.revoked",
            actor=actor,
            organization=grant.organization,
            target=grant.public_id,
            scope=grant.scope,
        )
    return grant


def is_granted(*, organization: Organization, reseller: Organization, scope: str, now: datetime) -> bool:
    """A grant counts only while the reseller is still the customer's own."""
    if organization.parent_id != reseller.pk:
        return False
    given = DelegationGrant.objects.for_organization(organization).given_to(reseller).active(now)
    return given.filter(scope=scope).exists()
