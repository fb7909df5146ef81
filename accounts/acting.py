"""Guests: people let into an organization that they are no member of, for a stated reason and for a time.

The customer reads in its audit log who came, on whose behalf, why, until when, and which pages they opened. A session
ends by itself: at its time, when the guest leaves the organization they come from, or when the customer takes back the
grant behind an impersonation.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.grants import granted_permissions
from accounts.guest_models import ActingSession, ActingSessionQuerySet
from accounts.models import Membership, Organization, User
from accounts.permissions import Permission, Role, permissions_of
from accounts.services import record

LONGEST: Final = timedelta(hours=4)
_SUPPORT: Final = permissions_of(Role.PLATFORM_SUPPORT) - {Permission.CUSTOMER_READ}


class ActingRefused(ValueError):
    """Nobody may come in like this; the text says why."""


def begin_support(
    *, membership: Membership, organization: Organization, reason: str, lifetime: timedelta, now: datetime
) -> ActingSession:
    """The platform's people look into another organization, read only. Raises ActingRefused."""
    if membership.organization.kind != Organization.Kind.PLATFORM or not membership.may(Permission.CUSTOMER_READ):
        raise ActingRefused("Only the platform's people give support.")
    if organization.kind == Organization.Kind.PLATFORM:
        raise ActingRefused("Support is for resellers and customers.")
    return begin_acting(
        membership=membership,
        organization=organization,
        kind=ActingSession.Kind.SUPPORT,
        role=Role.PLATFORM_SUPPORT,
        permissions=_SUPPORT,
        reason=reason,
        lifetime=lifetime,
        now=now,
    )


def begin_impersonation(
    *, membership: Membership, organization: Organization, reason: str, lifetime: timedelta, now: datetime
) -> ActingSession:
    """A reseller's people act for an admin of its customer, as far as the customer lets them. Raises ActingRefused."""
    home = membership.organization
    if home.kind != Organization.Kind.RESELLER or not membership.may(Permission.CUSTOMER_MANAGE):
        raise ActingRefused("Only a reseller's managers act for customers.")
    if home.suspended_at:
        raise ActingRefused("Your organization is suspended.")
    granted = granted_permissions(organization=organization, reseller=home, now=now)
    if not granted:
        raise ActingRefused("The customer has not allowed it.")
    return begin_acting(
        membership=membership,
        organization=organization,
        kind=ActingSession.Kind.IMPERSONATION,
        role=Role.ADMIN,
        permissions=granted,
        reason=reason,
        lifetime=lifetime,
        now=now,
    )


def open_to_support(query: str = "") -> QuerySet[Organization]:
    """The organizations that support may look into, by a part of the name or the whole id."""
    others = Organization.objects.exclude(kind=Organization.Kind.PLATFORM).select_related("parent")
    return others.filter(Q(name__icontains=query) | Q(public_id=query)) if query else others


@transaction.atomic
def begin_acting(
    *,
    membership: Membership,
    organization: Organization,
    kind: str,
    role: Role,
    permissions: Collection[Permission],
    reason: str,
    lifetime: timedelta,
    now: datetime,
) -> ActingSession:
    """Let the person of this `membership` (where they come from) in, at most LONGEST; an open session of theirs there
    ends. The caller has asked whether they may. Raises ActingRefused."""
    reason = " ".join(reason.split())
    if not reason:
        raise ActingRefused("Write a reason: the customer reads it.")
    if not timedelta() < lifetime <= LONGEST:
        raise ActingRefused("Choose a time of up to four hours.")
    for former in _open(membership.user, now).filter(organization=organization):
        end_acting(actor=membership.user, session=former, now=now)
    session = ActingSession.objects.create(
        organization=organization,
        user=membership.user,
        on_behalf_of=membership.organization,
        kind=ActingSession.Kind(kind),
        role=role,
        permissions=sorted(permissions),
        reason=reason[:200],
        started_at=now,
        expires_at=now + lifetime,
    )
    _tell(
        session, membership.user, "began", reason=session.reason, until=session.expires_at.isoformat(timespec="seconds")
    )
    return session


@transaction.atomic
def end_acting(*, actor: User, session: ActingSession, now: datetime) -> ActingSession:
    session = ActingSession.objects.select_for_update().get(pk=session.pk)
    if session.ended_at is None and session.expires_at > now:
        session.ended_at = now
        session.save(update_fields=["ended_at"])
        _tell(session, actor, "ended")
    return session


def note_look(session: ActingSession, path: str) -> None:
    """A line for each page that a guest opens."""
    _tell(session, session.user, "looked", page=path)


def find_acting(user: User, organization: Organization, now: datetime) -> ActingSession | None:
    """The open session of this person in this organization, while what it rests on holds."""
    there = _open(user, now).filter(organization=organization)
    session = there.select_related("organization__parent", "on_behalf_of", "user").first()
    return _as_far_as_it_holds(session, now) if session else None


def as_membership(session: ActingSession) -> Membership:
    """What views and services know people by; it is not stored."""
    guest = Membership(organization=session.organization, user=session.user, role=session.role)
    guest.limited_to = frozenset(Permission(name) for name in session.permissions if name in set(Permission))
    return guest


def _open(user: User, now: datetime) -> ActingSessionQuerySet:
    return ActingSession.objects.for_user(user).open(now)


def _as_far_as_it_holds(session: ActingSession, now: datetime) -> ActingSession | None:
    """What it rests on may have gone since it began, or become less."""
    home = session.on_behalf_of
    membership = Membership.objects.for_user(session.user).filter(organization=home).first()
    if home.suspended_at or membership is None:
        return None
    if session.kind == ActingSession.Kind.SUPPORT:
        return session
    granted = granted_permissions(organization=session.organization, reseller=home, now=now)
    session.permissions = sorted(granted & set(session.permissions))
    return session if session.permissions and membership.may(Permission.CUSTOMER_MANAGE) else None


def _tell(session: ActingSession, actor: User, what: str, **details: str) -> None:
    record(
        action=f"{session.kind}.{what}",
        actor=actor,
        organization=session.organization,
        target=session.public_id,
        on_behalf_of=session.on_behalf_of,
        **details,
    )
