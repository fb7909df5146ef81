"""What every change to a licence ends with: its audit line, the word to all web processes, the webhooks."""

from typing import Any, Final

from django.db import transaction

from accounts.services import record
from accounts.webhooks import emit
from core import bus
from licenses.authority import Authority, NotAllowed
from licenses.entitlements import LimitReached, Metric, fits
from licenses.models import License, ResellerAccount

LAST_YEAR: Final = 2199  # an end with its grace must stay a date


class PlanNotAllowed(Exception):
    """The reseller may not issue this plan."""


def announce(license: License) -> None:
    """Tell every web process, once the change is committed, to forget what it knows of this licence."""
    transaction.on_commit(lambda: bus.publish(license.public_id))


def lock_license(license: License) -> License:
    """The licence's row, locked: limits are counted and states changed under it."""
    return License.objects.select_for_update(of=("self",)).with_facts().get(pk=license.pk)


def save(license: License, authority: Authority, action: str, **details: Any) -> License:
    """Store the licence, with what it reserves of its pool, and tell. Raises NotAllowed."""
    if license.expires_at and license.expires_at.year > LAST_YEAR:
        raise NotAllowed(f"A licence ends before the year {LAST_YEAR + 1}, or never.")
    license.reserved_widgets = license.limit(Metric.WIDGETS)
    license.reserved_domains = license.limit(Metric.DOMAINS)
    license.reserved_sessions_month = license.limit(Metric.SESSIONS_MONTH)
    license.save()
    tell(license, authority, action, **details)
    return license


def tell(license: License, authority: Authority, action: str, **details: Any) -> None:
    holder = license.organization or license.issuer
    record(
        action=action,
        actor=authority.actor,
        organization=holder,
        target=license.public_id,
        on_behalf_of=authority.organization if authority.organization != holder else None,
        **details,
    )
    announce(license)
    tell_webhooks(license, action, **details)


def tell_webhooks(license: License, event: str, **details: Any) -> None:
    """Both the customer's and the reseller's endpoints hear of a licence."""
    data = {
        "license": license.public_id,
        "organization": license.organization.public_id if license.organization else None,
        "plan": license.plan.code,
        "expires_at": license.expires_at.isoformat() if license.expires_at else None,
        **details,
    }
    for organization in {o.pk: o for o in (license.organization, license.issuer) if o}.values():
        emit(organization=organization, type=event, data=data)


def require_plan(account: ResellerAccount | None, authority: Authority, code: str) -> None:
    """A reseller issues the plans it was given; the platform any. Raises PlanNotAllowed."""
    if authority.level == License.Level.RESELLER and (account is None or code not in account.plan_codes):
        raise PlanNotAllowed(f"You may not issue the plan “{code}”.")


def fits_limit(license: License, metric: Metric, count: int) -> None:
    """Raises LimitReached."""
    limit = license.limit(metric)
    if not fits(count, limit):
        raise LimitReached(metric, limit)
