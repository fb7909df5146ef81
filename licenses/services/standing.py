"""Stopping a licence, letting it run again, and ending it."""

from datetime import datetime

from django.db import transaction

from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of, outranks
from licenses.models import License
from licenses.services.common import lock_license, save


@transaction.atomic
def suspend_license(*, actor: Actor, license: License, reason: str, now: datetime, level: str | None = None) -> License:
    """At the actor's level, or a lower one it names: nobody below that level can lift it. Raises NotAllowed."""
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.SUSPEND)
    level = _level(authority, level)
    if license.revoked_at:
        raise NotAllowed("A revoked licence cannot be suspended.")
    if license.suspended_at and outranks(license.suspended_by, level):
        raise NotAllowed("The licence is already suspended by a higher level.")
    license.suspended_at, license.suspended_by, license.suspend_reason = now, level, reason
    return save(license, authority, "license.suspended", level=level, reason=reason)


@transaction.atomic
def reinstate_license(*, actor: Actor, license: License, level: str | None = None) -> License:
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.REINSTATE)
    level = _level(authority, level)
    if license.revoked_at or not license.suspended_at:
        raise NotAllowed("The licence is not suspended.")
    if outranks(license.suspended_by, level):
        raise NotAllowed("Only whoever suspended the licence, or a level above, can lift it.")
    license.suspended_at, license.suspended_by, license.suspend_reason = None, "", ""
    return save(license, authority, "license.reinstated", level=level)


@transaction.atomic
def revoke_license(*, actor: Actor, license: License, reason: str, now: datetime) -> License:
    """For good: there is no way back. Its room in the pool is free again, its keys are dead."""
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.REVOKE)
    if license.revoked_at:
        return license
    return end_license(license, authority, reason=reason, now=now)


def end_license(license: License, authority: Authority, *, reason: str, now: datetime) -> License:
    license.revoked_at, license.revoke_reason = now, reason
    license.key_digest = license.previous_key_digest = license.previous_key_until = None
    return save(license, authority, "license.revoked", reason=reason)


def _level(authority: Authority, level: str | None) -> str:
    level = level or authority.level
    if outranks(level, authority.level):
        raise NotAllowed("You cannot act at a higher level than your own.")
    return level
