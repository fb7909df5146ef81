"""Who may enter an organization, and as what: its members, and guests."""

from django.utils import timezone

from accounts.acting import as_membership, find_acting
from accounts.models import Membership, Organization, User


def find_membership(user: User, organization: Organization) -> Membership | None:
    """The person's own, or a guest's, which is not stored. For code without an `organization_view` around it."""
    own = Membership.objects.for_user(user).filter(organization=organization).first()
    if own:
        return own
    session = find_acting(user, organization, timezone.now())
    return as_membership(session) if session else None
