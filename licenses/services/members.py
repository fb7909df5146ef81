"""How many people an organization may have: the most that one of its licences allows."""

from django.db import transaction

from accounts.models import Membership, Organization
from accounts.team import NoRoom
from licenses.entitlements import UNLIMITED, LimitReached, Metric, fits
from licenses.models import License


class MembersLimitReached(LimitReached, NoRoom):
    """The floor below knows it as NoRoom."""


@transaction.atomic
def require_room_for_member(*, organization: Organization, coming: int = 1) -> None:
    """Call it in the transaction that adds the member: it locks the organization. Raises MembersLimitReached.

    An organization without a licence keeps its first member; resellers and the platform have no limit.
    """
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if locked.kind != Organization.Kind.CUSTOMER:
        return
    limit = members_limit(locked)
    if not fits(members_of(locked) + coming, limit):
        raise MembersLimitReached(Metric.MEMBERS, limit)


def members_limit(organization: Organization, changed: License | None = None) -> int:
    """As it would be with this licence `changed`, saved or not."""
    own = License.objects.for_organization(organization).holding().select_related("plan")
    limits = [(changed if license == changed else license).limit(Metric.MEMBERS) for license in own]
    return UNLIMITED if UNLIMITED in limits else max([*limits, 1])


def members_of(organization: Organization) -> int:
    return Membership.objects.live().filter(organization=organization).count()
