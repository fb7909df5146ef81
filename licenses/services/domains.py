"""Every change to a licence. Each one tells all web processes, which then read it anew (embed/snapshots.py)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organization, User
from accounts.services import record
from core import bus
from licenses.domains import Rule
from licenses.entitlements import UNLIMITED, Metric
from licenses.models import HTTPS, DomainRule, License, Plan


class LimitReached(Exception):
    def __init__(self, metric: Metric, limit: int) -> None:
        super().__init__(f"The plan allows {limit} {metric.value.replace('_', ' ')}.")
        self.metric, self.limit = metric, limit


class NotAllowed(Exception):
    """The licence's state forbids this."""


_LEVELS = [License.Level.SELF, License.Level.BILLING, License.Level.RESELLER, License.Level.PLATFORM]


def _rank(level: str) -> int:
    return _LEVELS.index(License.Level(level))


def announce(license: License) -> None:
    """Tell every web process, once the change is committed, to forget what it knows of this licence."""
    transaction.on_commit(lambda: bus.publish(license.public_id))


def lock_license(license: License) -> License:
    """The licence's row, locked: limits are counted and states changed under it."""
    return License.objects.select_for_update(of=("self",)).with_facts().get(pk=license.pk)


def create_plan(*, actor: User | None, code: str, name: str, limits: dict[str, int], features: list[str]) -> Plan:
    """A new version when the code exists."""
    last = Plan.objects.filter(code=code).order_by("-version").first()
    version = last.version + 1 if last else 1
    plan = Plan.objects.create(code=code, version=version, name=name, limits=limits, features=features)
    record(action="plan.created", actor=actor, organization=None, target=plan.public_id, code=code, version=version)
    return plan


@transaction.atomic
def issue_license(*, actor: User | None, organization: Organization | None, plan: Plan, **facts: Any) -> License:
    license = License.objects.create(organization=organization, plan=plan, **facts)
    record(action="license.issued", actor=actor, organization=organization, target=license.public_id, plan=plan.code)
    return license


@transaction.atomic
def suspend_license(*, actor: User | None, license: License, level: str, reason: str, now: datetime) -> License:
    license = lock_license(license)
    if license.revoked_at:
        raise NotAllowed("A revoked licence cannot be suspended.")
    if license.suspended_at and _rank(license.suspended_by) > _rank(level):
        raise NotAllowed("The licence is already suspended by a higher level.")
    license.suspended_at, license.suspended_by, license.suspend_reason = now, level, reason
    return _save(license, actor, "license.suspended", level=level, reason=reason)


@transaction.atomic
def reinstate_license(*, actor: User | None, license: License, level: str) -> License:
    license = lock_license(license)
    if not license.suspended_at:
        raise NotAllowed("The licence is not suspended.")
    if _rank(level) < _rank(license.suspended_by):
        raise NotAllowed("Only whoever suspended the licence, or a level above, can lift it.")
    license.suspended_at, license.suspended_by, license.suspend_reason = None, "", ""
    return _save(license, actor, "license.reinstated", level=level)


@transaction.atomic
def revoke_license(*, actor: User | None, license: License, reason: str, now: datetime) -> License:
    """For good: there is no way back."""
    license = lock_license(license)
    if not license.revoked_at:
        license.revoked_at = now
        _save(license, actor, "license.revoked", reason=reason)
    return license


@transaction.atomic
def set_allow_localhost(*, actor: User | None, license: License, allowed: bool) -> License:
    license = lock_license(license)
    license.allow_localhost = allowed
    return _save(license, actor, "license.localhost", allowed=allowed)


@transaction.atomic
def add_domains(*, actor: User | None, license: License, rules: Iterable[Rule]) -> list[DomainRule]:
    """Add what is not there yet; all or nothing. Raises LimitReached."""
    license = lock_license(license)
    present = {rule.rule for rule in license.domain_rules.all()}
    wanted = [rule for rule in dict.fromkeys(rules) if rule not in present]
    limit = license.limit(Metric.DOMAINS)
    if limit != UNLIMITED and len(present) + len(wanted) > limit:
        raise LimitReached(Metric.DOMAINS, limit)
    added = [
        DomainRule.objects.create(
            organization_id=license.organization_id,  # type: ignore[misc]  # a licence without one has no domains
            license=license,
            host=rule.host,
            wildcard=rule.wildcard,
            port=HTTPS if rule.port is None else rule.port,
        )
        for rule in wanted
    ]
    if added:
        _tell(license, actor, "license.domains_added", domains=[rule.source for rule in wanted])
    return added


@transaction.atomic
def remove_domain(*, actor: User | None, rule: DomainRule) -> None:
    _tell(rule.license, actor, "license.domain_removed", domains=[rule.rule.source])
    rule.delete()


def _save(license: License, actor: User | None, action: str, **details: Any) -> License:
    license.save()
    _tell(license, actor, action, **details)
    return license


def _tell(license: License, actor: User | None, action: str, **details: Any) -> None:
    record(action=action, actor=actor, organization=license.organization, target=license.public_id, **details)
    announce(license)
