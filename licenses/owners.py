"""The first owner of a reseller or a customer: a mailed invitation, since nobody there could send one yet."""

from datetime import datetime

from accounts.guest_models import Invitation
from accounts.invitations import invite
from accounts.models import Membership, Organization, User
from accounts.permissions import Role


def invite_first_owner(*, actor: User, organization: Organization, email: str, now: datetime) -> Invitation:
    """Whoever has just made the organization speaks as its owner, without being one: the membership is not stored.

    Raises NoRoom, MailFailed.
    """
    role = Role.RESELLER_OWNER if organization.kind == Organization.Kind.RESELLER else Role.OWNER
    speaker = Membership(organization=organization, user=actor, role=role)
    return invite(actor=speaker, email=email, role=role, now=now)
