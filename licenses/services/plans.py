"""Plans. A licence keeps the version it was issued under."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.services import record
from licenses.authority import Actor, Authority, Deed, authority_of
from licenses.entitlements import clean_features, clean_limits
from licenses.models import Plan


@transaction.atomic
def create_plan(
    *, actor: Actor, code: str, name: str, limits: Mapping[str, int | None], features: Iterable[str], **facts: Any
) -> Plan:
    """A new version when the code exists. `facts`: grace_days, duration_days, renewal. Raises InvalidTerms."""
    authority = _operator(actor)
    last = Plan.objects.select_for_update().filter(code=code).order_by("-version").first()
    plan = Plan.objects.create(
        code=code,
        version=last.version + 1 if last else 1,
        name=name,
        limits=clean_limits(limits),
        features=clean_features(features),
        **facts,
    )
    _tell(authority, plan, "plan.created")
    return plan


@transaction.atomic
def edit_plan(*, actor: Actor, plan: Plan, **values: Any) -> Plan:
    """The plan with `values` (name, limits, features, grace_days, duration_days, renewal) in place of its own.

    Changed where it stands while no licence uses it and it is the newest; else a new version, and running licences
    stay as they are. Raises InvalidTerms.
    """
    authority = _operator(actor)
    current = Plan.objects.select_for_update().get(pk=plan.pk)
    fields = ("name", "limits", "features", "grace_days", "duration_days", "renewal")
    facts = {field: getattr(current, field) for field in fields} | values
    newer = Plan.objects.filter(code=current.code, version__gt=current.version).exists()
    if newer or current.licenses.exists():
        return create_plan(actor=authority, code=current.code, **facts)
    for field in fields:
        setattr(current, field, facts[field])
    current.limits, current.features = clean_limits(current.limits), clean_features(current.features)
    current.save()
    _tell(authority, current, "plan.edited")
    return current


def _operator(actor: Actor) -> Authority:
    authority = authority_of(actor)
    authority.require(Deed.RUN_RESELLERS)
    return authority


def _tell(authority: Authority, plan: Plan, action: str) -> None:
    record(
        action=action,
        actor=authority.actor,
        organization=None,
        target=plan.public_id,
        code=plan.code,
        version=plan.version,
        limits=plan.limits,
        features=plan.features,
    )
