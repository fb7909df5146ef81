"""Moving a licence to another customer."""

from datetime import datetime

from accounts.models import Organization
from licenses.authority import Actor, Deed, NotAllowed, authority_of
from licenses.entitlements import Metric
from licenses.metering import carry_over
from licenses.models import License
from licenses.pool import within_pool
from licenses.services.common import lock_license, require_plan, save
from licenses.services.keys import give_key
from licenses.services.standing import end_license

_MOVED = (
    *("plan", "starts_at", "expires_at", "grace_days", "created_at"),
    *("suspended_at", "suspended_by", "suspend_reason"),
    *("limit_overrides", "features_added", "features_removed"),
)
_METERED = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH, Metric.MESSAGES_MONTH)


def transfer_license(*, actor: Actor, license: License, to: Organization, now: datetime) -> License:
    """The licence as it is now held by `to`: plan, dates, suspension and use go on; domains are empty, the key is new.

    It is a new row with a new id, and the former owner's is revoked: widgets, credentials, counters and the ids in
    other people's pages stay with whom they belong to. A reseller moves between its own customers, the platform across
    resellers; the receiver's pool must have room. Raises NotAllowed, PlanNotAllowed, PoolExceeded.
    """
    authority = authority_of(actor)
    authority.require(Deed.TRANSFER)
    authority.require_customer(to)
    issuer = _issuer_of(license, to)
    with within_pool(issuer, now=now) as account:
        former = lock_license(license)
        authority.require_over(former, Deed.TRANSFER)
        if former.revoked_at or former.organization_id in (None, to.pk):
            raise NotAllowed("Only a licence that somebody else holds can be transferred.")
        require_plan(account, authority, former.plan.code)
        heir = License(organization=to, issuer=issuer, transferred_from=former.public_id)
        for field in _MOVED:
            setattr(heir, field, getattr(former, field))
        give_key(heir)
        end_license(former, authority, reason="Moved to another customer", now=now)
        save(heir, authority, "license.transferred", former=former.public_id)
        carry_over(former, heir, metrics=_METERED, now=now)
        return heir


def _issuer_of(license: License, to: Organization) -> Organization | None:
    """Whose pool it takes from now on: the receiver's reseller, unless the platform issued it outside of any."""
    if license.issuer is None or license.issuer.kind != Organization.Kind.RESELLER:
        return license.issuer
    return to.parent
