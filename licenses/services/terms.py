"""How long a licence runs and what it allows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of
from licenses.entitlements import Feature, Metric, clean_features, clean_limits, fits
from licenses.models import License, Plan, Reminder, Renewal
from licenses.pool import POOLED, within_pool
from licenses.services.common import lock_license, require_plan, save
from licenses.services.members import members_limit, members_of
from licenses.states import valid_until


class OverLimits(Exception):
    """More is in use than the new plan allows. `over`: metric → (in use, new limit)."""

    def __init__(self, over: Mapping[Metric, tuple[int, int]]) -> None:
        listed = ", ".join(
            f"{used} {metric.value.replace('_', ' ')} of {limit}" for metric, (used, limit) in over.items()
        )
        super().__init__(f"More is in use than the plan allows: {listed}.")
        self.over = dict(over)


@transaction.atomic
def renew_license(
    *, actor: Actor, license: License, idempotency_key: str, now: datetime, days: int | None = None
) -> License:
    """Another term, of the plan's duration or so many days. The same key again changes nothing. Raises NotAllowed."""
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.RENEW)
    if license.renewals.filter(idempotency_key=idempotency_key).exists():
        return license
    term = days or license.plan.duration_days
    if license.revoked_at or license.organization_id is None or license.expires_at is None:
        raise NotAllowed("Only a licence that somebody holds and that has an end can be renewed.")
    if not term or not idempotency_key:
        raise NotAllowed("Say for how many days, and give the renewal a key of its own.")
    start = license.expires_at
    if license.plan.renewal == Plan.Renewal.FROM_NOW_IF_EXPIRED:
        start = max(start, now)
    license.expires_at = start + timedelta(days=term)
    Renewal.objects.create(
        organization=license.organization,
        license=license,
        idempotency_key=idempotency_key,
        expires_at=license.expires_at,
        created_at=now,
    )
    return save(license, authority, "license.renewed", until=license.expires_at.isoformat())


@transaction.atomic
def extend_license(*, actor: Actor, license: License, until: datetime) -> License:
    """To a later end. Raises NotAllowed."""
    authority, license = _changing(actor, license)
    if license.expires_at is None or until <= license.expires_at:
        raise NotAllowed("A licence is extended to a later day than its end.")
    license.expires_at = until
    return save(license, authority, "license.extended", until=until.isoformat())


def change_plan(*, actor: Actor, license: License, plan: Plan, force: bool = False) -> License:
    """Another plan, its dates kept. Over the new limits it takes `force`: then nothing is deleted, and nothing added.

    A reseller does not make more than the plan of what the larger one before had: see set_overrides. Raises
    NotAllowed, PlanNotAllowed, OverLimits, PoolExceeded.
    """
    with within_pool(license.issuer, now=timezone.now()) as account:
        authority, current = _changing(actor, license)
        require_plan(account, authority, plan.code)
        granted = _beyond_plan(current)
        former, current.plan = current.plan, plan
        _require_leave(authority, current, granted)
        over = over_limits(current)
        if over and not force:
            raise OverLimits(over)
        return save(
            current,
            authority,
            "license.plan_changed",
            former=f"{former.code} v{former.version}",
            now=f"{plan.code} v{plan.version}",
            forced=bool(over),
        )


def set_overrides(
    *,
    actor: Actor,
    license: License,
    limits: Mapping[str, int | None] | None = None,
    features_added: Iterable[str] | None = None,
    features_removed: Iterable[str] | None = None,
    force: bool = False,
) -> License:
    """What differs from the plan; replaces each part that is given.

    A reseller gives more than the plan only of what its pool bounds; what the platform granted beyond it may stay.
    Raises InvalidTerms, NotAllowed, OverLimits, PoolExceeded.
    """
    with within_pool(license.issuer, now=timezone.now()):
        authority, current = _changing(actor, license)
        granted = _beyond_plan(current)
        if limits is not None:
            cleaned = clean_limits(limits)
            current.limit_overrides = {name: value for name, value in cleaned.items() if value is not None}
        if features_added is not None:
            current.features_added = clean_features(features_added)
        if features_removed is not None:
            current.features_removed = clean_features(features_removed)
        _require_leave(authority, current, granted)
        over = over_limits(current)
        if over and not force:
            raise OverLimits(over)
        return save(
            current,
            authority,
            "license.overrides",
            limits=current.limit_overrides,
            added=current.features_added,
            removed=current.features_removed,
        )


@transaction.atomic
def set_grace(*, actor: Actor, license: License, days: int | None) -> License:
    """Days of grace of this licence alone; None: the plan's. Raises NotAllowed."""
    authority, license = _changing(actor, license)
    if days is not None and not 0 <= days <= 366:
        raise NotAllowed("Grace is at most a year.")
    license.grace_days = days
    stop = valid_until(license.facts())
    if stop and stop > timezone.now():  # that it has stopped may have been told, and will be true anew
        license.reminders.filter(kind=Reminder.Kind.STOPPED).delete()
    return save(license, authority, "license.grace", days=days)


def over_limits(license: License) -> dict[Metric, tuple[int, int]]:
    """What is in use beyond the limits: metric → (in use, limit)."""
    rules = license.domain_rules
    counts = {
        Metric.WIDGETS: license.widgets.count(),
        Metric.DOMAINS: rules.count(),
        Metric.WILDCARD_DOMAINS: rules.filter(wildcard=True).count(),
    }
    limits = {metric: license.limit(metric) for metric in counts}
    if license.organization:
        counts[Metric.MEMBERS] = members_of(license.organization)
        limits[Metric.MEMBERS] = members_limit(license.organization, license)
    return {m: (count, limits[m]) for m, count in counts.items() if not fits(count, limits[m])}


def _beyond_plan(license: License) -> dict[Feature | Metric, int]:
    """What the licence has of its own beyond its plan and no pool bounds: a feature → 1, a metric → its limit."""
    features = {Feature(name): 1 for name in license.features_added if name not in license.plan.features}
    own = {Metric(name): limit for name, limit in license.limit_overrides.items() if name not in POOLED}
    return features | {m: limit for m, limit in own.items() if not fits(limit, license.plan.limits.get(m) or 0)}


def _require_leave(authority: Authority, license: License, granted: Mapping[Feature | Metric, int]) -> None:
    """Beyond the plan a reseller leaves what was `granted` before, or less of it. Raises NotAllowed."""
    if authority.level != License.Level.RESELLER:
        return
    more = [name.label for name, limit in _beyond_plan(license).items() if not fits(limit, granted.get(name, 0))]
    if more:
        raise NotAllowed(
            f"Only the platform gives more than the plan of: {', '.join(more)}. Set it to “as the plan” first."
        )


def _changing(actor: Actor, license: License) -> tuple[Authority, License]:
    authority = authority_of(actor)
    current = lock_license(license)
    authority.require_over(current, Deed.CHANGE)
    if current.revoked_at:
        raise NotAllowed("A revoked licence is not changed.")
    return authority, current
