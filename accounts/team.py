"""Who belongs to an organization: roles, ends, leaving. Nobody raises anybody above themselves, and an owner stays."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.apitokens import revoke_tokens_of
from accounts.guest_models import Invitation
from accounts.mfa import factors_of
from accounts.models import Membership, MembershipQuerySet, Organization, User
from accounts.permissions import ROLES_OF, Permission, Role
from accounts.services import record

# Of each kind of organization, the role that may give itself away, and that somebody always has.
HIGHEST: Final = frozenset({Role.OWNER, Role.RESELLER_OWNER, Role.PLATFORM_ADMIN})


class TeamRefused(ValueError):
    """This cannot be done to a member; the text says why."""


class NoRoom(Exception):
    """The plan has no room for another member. Raised from above, see settings.MEMBER_GATE."""


def roles_for(actor: Membership) -> list[Role]:
    """The roles that this member may give, in the order of their power."""
    kind = ROLES_OF[actor.organization.kind]
    return [role for role in Role if role in kind and (role not in HIGHEST or actor.role == role)]


def with_factors(members: MembershipQuerySet) -> MembershipQuerySet:
    """Each with `has_factor`."""
    return members.select_related("user").annotate(has_factor=Exists(factors_of(OuterRef("user"))))


@transaction.atomic
def change_member(*, actor: Membership, member: Membership, role: str, expires_at: datetime | None) -> Membership:
    """Another role, or another end. Raises TeamRefused."""
    member = _locked(member)
    _require_power(actor, member)
    require_role(actor, role, expires_at)
    before = {"role": member.role, "until": _day(member.expires_at)}
    member.role, member.expires_at = role, expires_at
    _require_owner(member)
    member.save(update_fields=["role", "expires_at"])
    after = {"role": role, "until": _day(expires_at)}
    _tell(member, actor.user, "member.changed", before=before, after=after)
    _withdraw_invitations(member, actor.user)
    return member


@transaction.atomic
def remove_member(*, actor: Membership, member: Membership) -> None:
    """Their API tokens of this organization stop with it. Raises TeamRefused."""
    member = _locked(member)
    _require_power(actor, member)
    _go(member, actor.user, "member.removed")


@transaction.atomic
def leave(*, member: Membership) -> None:
    """Raises TeamRefused."""
    member = _locked(member)
    _go(member, member.user, "member.left")


def require_role(actor: Membership, role: str, expires_at: datetime | None) -> None:
    """Raises TeamRefused where `actor` may not give this role, or not with this end."""
    if role not in roles_for(actor):
        raise TeamRefused("Your own role does not allow you to give this one.")
    if expires_at and role in HIGHEST:
        raise TeamRefused("This role has no end: somebody must always have it.")
    if expires_at and expires_at <= timezone.now():
        raise TeamRefused("Choose a day that is still to come.")
    if actor.expires_at and not (expires_at and expires_at <= actor.expires_at):
        raise TeamRefused(f"Your own membership ends on {actor.expires_at:%d %B %Y}. Choose that day or one before it.")


def _go(member: Membership, actor: User, action: str) -> None:
    role, member.role = member.role, ""
    _require_owner(member)
    _tell(member, actor, action, before={"role": role})
    _withdraw_invitations(member, actor)
    revoke_tokens_of(member=member, actor=actor, now=timezone.now())
    member.delete()


def _withdraw_invitations(member: Membership, actor: User) -> None:
    """Those by this member that they could not send any more: a link must not outlast the right to mail it."""
    organization = member.organization
    for invitation in Invitation.objects.for_organization(organization).waiting().filter(invited_by=member.user):
        if not _may_invite(member, invitation):
            invitation.revoked_at = timezone.now()
            invitation.save(update_fields=["revoked_at"])
            record(action="invitation.withdrawn", actor=actor, organization=organization, target=invitation.email)


def _may_invite(member: Membership, invitation: Invitation) -> bool:
    try:
        require_role(member, invitation.role, invitation.member_until)
    except TeamRefused:
        return False
    return member.may(Permission.MEMBER_MANAGE)


def _locked(member: Membership) -> Membership:
    """Under the organization's lock: of two owners who go at once, one stays."""
    Organization.objects.select_for_update().get(pk=member.organization_id)
    return Membership.objects.select_related("organization", "user").get(pk=member.pk)


def _require_power(actor: Membership, member: Membership) -> None:
    if member.role in HIGHEST and actor.role != member.role:
        raise TeamRefused(f"Only an {Role(member.role).label.lower()} changes or removes one.")


def _require_owner(member: Membership) -> None:
    """Whether somebody holds the highest role when `member` is as it is now."""
    others = Membership.objects.live().for_organization(member.organization).exclude(pk=member.pk)
    if member.role not in HIGHEST and not others.filter(role__in=HIGHEST).exists():
        raise TeamRefused("Somebody must own the organization. Make another member its owner first.")


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _tell(member: Membership, actor: User, action: str, **details: Any) -> None:
    record(action=action, actor=actor, organization=member.organization, target=member.user.email, **details)
