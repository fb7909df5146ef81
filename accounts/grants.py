"""What a customer lets its reseller do. The customer grants and takes back; the reseller only reads."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import DelegationGrant, Organization, User
from accounts.permissions import Permission
from accounts.services import record

Scope = DelegationGrant.Scope
_READING: Final = frozenset({Permission.WIDGET_READ, Permission.LICENSE_READ, Permission.ANALYTICS_READ})
_BEYOND: Final = {
    Scope.CONFIG: frozenset({Permission.WIDGET_EDIT, Permission.DOMAIN_EDIT}),
    Scope.CREDENTIALS: frozenset({Permission.CREDENTIAL_SET}),
    Scope.TRANSCRIPTS: frozenset({Permission.CONVERSATION_READ}),
    Scope.IMPERSONATE: _READING,
}


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
    _tell(grant, actor, "given", until=expires_at.isoformat() if expires_at else None)
    return grant


@transaction.atomic
def revoke_grant(*, actor: User | None, grant: DelegationGrant, now: datetime) -> DelegationGrant:
    grant = DelegationGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.revoked_at is None:
        grant.revoked_at = now
        grant.save(update_fields=["revoked_at"])
        _tell(grant, actor, "revoked")
    return grant


def granted_permissions(*, organization: Organization, reseller: Organization, now: datetime) -> frozenset[Permission]:
    """What the reseller's people may do as guests. Nothing unless the customer lets them come in at all."""
    if organization.parent_id != reseller.pk:
        return frozenset()
    given = DelegationGrant.objects.for_organization(organization).given_to(reseller).active(now)
    scopes = {Scope(scope) for scope in given.values_list("scope", flat=True)}
    if Scope.IMPERSONATE not in scopes:
        return frozenset()
    return frozenset().union(*(_BEYOND[scope] for scope in scopes))


def _tell(grant: DelegationGrant, actor: User | None, what: str, **details: str | None) -> None:
    """On both sides: the reseller reads in its own log what it was let do."""
    for organization in (grant.organization, grant.reseller):
        record(
            action=f"grant.{what}",
            actor=actor,
            organization=organization,
            on_behalf_of=grant.organization if organization == grant.reseller else None,
            target=grant.public_id,
            scope=grant.scope,
            **details,
        )
