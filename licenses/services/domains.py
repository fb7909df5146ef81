"""Where a licence's widgets may appear. Whoever may edit domains is decided before: see accounts.permissions."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from licenses.authority import Authority, Level
from licenses.domains import Rule
from licenses.entitlements import Metric
from licenses.models import HTTPS, DomainRule, License
from licenses.pool import within_pool
from licenses.services.common import fits_limit, lock_license, tell


@transaction.atomic
def set_allow_localhost(*, actor: User | Authority | None, license: License, allowed: bool) -> License:
    license = lock_license(license)
    license.allow_localhost = allowed
    license.save(update_fields=["allow_localhost"])
    tell(license, _by(actor), "license.localhost", allowed=allowed)
    return license


def add_domains(*, actor: User | Authority | None, license: License, rules: Iterable[Rule]) -> list[DomainRule]:
    """Add what is not there yet; all or nothing. Raises LimitReached, PoolExceeded."""
    with within_pool(license.issuer, now=timezone.now()):
        license = lock_license(license)
        present = {rule.rule for rule in license.domain_rules.all()}
        wanted = [rule for rule in dict.fromkeys(rules) if rule not in present]
        if wanted:
            fits_limit(license, Metric.DOMAINS, len(present) + len(wanted))
            wildcards = sum(rule.wildcard for rule in [*present, *wanted])
            if any(rule.wildcard for rule in wanted):
                fits_limit(license, Metric.WILDCARD_DOMAINS, wildcards)
        return _add(actor, license, wanted)


def _add(actor: User | Authority | None, license: License, wanted: list[Rule]) -> list[DomainRule]:
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
        tell(license, _by(actor), "license.domains_added", domains=[rule.source for rule in wanted])
    return added


@transaction.atomic
def remove_domain(*, actor: User | Authority | None, rule: DomainRule) -> None:
    tell(rule.license, _by(actor), "license.domain_removed", domains=[rule.rule.source])
    rule.delete()


def _by(actor: User | Authority | None) -> Authority:
    return actor if isinstance(actor, Authority) else Authority(actor, Level.SELF)
