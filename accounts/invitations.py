"""Invitations: a mailed link for one address. What it opens is decided when it is taken, not when it is sent."""

import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.apitokens import revoke_tokens_of
from accounts.brandmail import mail_people
from accounts.brands import brand_of, dashboard_url
from accounts.guest_models import Invitation
from accounts.models import Membership, Organization, User, live
from accounts.services import record
from accounts.team import TeamRefused, require_role
from core.digests import digest

DAYS: Final = 7


class InvalidInvitation(Exception):
    """The link is unknown, used, withdrawn, too old, or for somebody else."""


class MailFailed(Exception):
    """The mail server did not take it; nothing was changed."""


@transaction.atomic
def invite(
    *,
    actor: Membership,
    email: str,
    role: str,
    now: datetime,
    days: int = DAYS,
    member_until: datetime | None = None,
) -> Invitation:
    """Mail somebody a link. Raises TeamRefused, NoRoom, MailFailed."""
    email, organization = email.strip().lower(), actor.organization
    require_role(actor, role, member_until)
    waiting = Invitation.objects.for_organization(organization).waiting()
    require_room(organization, waiting.filter(expires_at__gt=now).exclude(email=email).count() + 1)  # locks
    if Membership.objects.for_organization(organization).filter(live(), user__email=email).exists():
        raise TeamRefused(f"{email} is a member already.")
    if waiting.filter(email=email, expires_at__gt=now).exists():
        raise TeamRefused(f"{email} is invited already. Send the mail again, or withdraw it first.")
    waiting.filter(email=email).update(revoked_at=now)
    invitation = Invitation(
        organization=organization,
        email=email,
        role=role,
        invited_by=actor.user,
        created_at=now,
        member_until=member_until,
    )
    _send(invitation, actor.user, now, timedelta(days=days))
    _tell(
        invitation, actor.user, "invitation.sent", role=role, until=invitation.expires_at.isoformat(timespec="seconds")
    )
    return invitation


@transaction.atomic
def resend(*, actor: Membership, invitation: Invitation, now: datetime) -> Invitation:
    """A new link; the old one opens nothing any more. Raises InvalidInvitation, TeamRefused, MailFailed."""
    invitation = _locked(invitation)
    require_role(actor, invitation.role, invitation.member_until)
    _send(invitation, actor.user, now, invitation.expires_at - invitation.sent_at)
    _tell(invitation, actor.user, "invitation.resent", until=invitation.expires_at.isoformat(timespec="seconds"))
    return invitation


@transaction.atomic
def withdraw(*, actor: Membership, invitation: Invitation, now: datetime) -> None:
    """Raises InvalidInvitation."""
    invitation = _locked(invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _tell(invitation, actor.user, "invitation.withdrawn")


def find_invitation(token: str, *, now: datetime) -> Invitation:
    """Raises InvalidInvitation."""
    waiting = Invitation.objects.waiting().filter(digest=_digest(token), expires_at__gt=now)
    found = waiting.select_related("organization", "invited_by").first()
    if found is None:
        raise InvalidInvitation
    return found


@transaction.atomic
def accept(*, user: User, invitation: Invitation, now: datetime) -> Membership:
    """The person whose confirmed address it was sent to becomes a member. Raises InvalidInvitation, NoRoom."""
    invitation = _locked(invitation)
    if not is_for(invitation, user) or invitation.expires_at <= now:
        raise InvalidInvitation
    organization = invitation.organization
    present = Membership.objects.for_organization(organization).filter(live(), user=user).first()
    if present is None:
        require_room(organization, 1)
        present = _join(invitation, user)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    _tell(invitation, user, "member.joined", role=present.role)
    return present


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether this person has confirmed the address that was invited."""
    own = user.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]  # the library's
    return bool(own.filter(email__iexact=invitation.email).exists())


def require_room(organization: Organization, coming: int) -> None:
    """Whether the plan has room is known on the floor above, which is named in the settings. Raises NoRoom."""
    import_string(settings.MEMBER_GATE)(organization=organization, coming=coming)


def _join(invitation: Invitation, user: User) -> Membership:
    """A membership whose time is over is begun anew; what opened the organization then does not come back with it."""
    former = Membership(organization=invitation.organization, user=user)
    revoke_tokens_of(member=former, actor=user, now=timezone.now())
    values = {"role": invitation.role, "expires_at": invitation.member_until, "invited_by": invitation.invited_by}
    joined, _ = Membership.objects.update_or_create(organization=invitation.organization, user=user, defaults=values)
    return joined


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.waiting().select_for_update(of=("self",)).select_related("organization", "invited_by")
    found = rows.filter(pk=invitation.pk).first()
    if found is None:
        raise InvalidInvitation
    return found


def _send(invitation: Invitation, actor: User, now: datetime, lifetime: timedelta) -> None:
    """Within the transaction: an invitation without its mail would be of no use."""
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.sent_at, invitation.expires_at = _digest(token), now, now + lifetime
    invitation.save()
    url = dashboard_url(invitation.organization) + reverse("accounts:invitation", args=[token])
    brand = brand_of(invitation.organization)
    values = {"invitation": invitation, "url": url, "actor": actor, "brand": brand}
    text = render_to_string("accounts/mail/invitation.txt", values)
    subject, _, body = text.strip().partition("\n\n")
    try:
        mail_people(invitation.organization, to=[invitation.email], subject=subject, body=body)
    except (OSError, SMTPException) as error:
        raise MailFailed("The mail could not be sent. Try again in some minutes.") from error


def _digest(token: str) -> str:
    return digest("invitation", token)


def _tell(invitation: Invitation, actor: User, action: str, **details: Any) -> None:
    organization = invitation.organization
    record(action=action, actor=actor, organization=organization, target=invitation.email, **details)
