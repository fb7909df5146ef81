"""How many people an organization may have: the most that one of its licences allows."""

from django.db import transaction

from accounts.models import Membership, Organization
from accounts.team import NoRoom
from licenses.entitlements import UNLIMITED, LimitReached, Metric
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
    own = License.objects.for_organization(locked).holding().select_related("plan")
    limits = [license.limit(Metric.MEMBERS) for license in own]
    limit = UNLIMITED if UNLIMITED in limits else max([*limits, 1])
    if limit != UNLIMITED and Membership.objects.live().filter(organization=locked).count() + coming > limit:
        raise MembersLimitReached(Metric.MEMBERS, limit)
