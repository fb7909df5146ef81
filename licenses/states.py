"""The state of a licence, derived from its dates and its owners' standing. It is not stored, so no job can miss it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from core.codes import Code

EXPIRING: Final = timedelta(days=14)


class State(StrEnum):
    """In order of precedence."""

    REVOKED = "revoked"
    SUSPENDED = "suspended"
    POOL = "pool"  # issued, assigned to nobody yet
    NOT_STARTED = "not_started"
    EXPIRED = "expired"
    GRACE = "grace"  # past its expiry, still running
    EXPIRING = "expiring"  # within 14 days
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides. Datetimes are aware; a revocation or suspension counts as soon as it is set."""

    assigned: bool  # to an organization
    starts_at: datetime | None  # None: at once
    expires_at: datetime | None  # None: never
    grace_days: int  # 0 or more
    revoked_at: datetime | None
    suspended_at: datetime | None
    organization_suspended_at: datetime | None
    reseller_suspended_at: datetime | None


def derive(facts: Facts, now: datetime) -> State:
    if facts.revoked_at:
        return State.REVOKED
    if facts.suspended_at or _owner_suspended(facts):
        return State.SUSPENDED
    if not facts.assigned:
        return State.POOL
    if facts.starts_at and now < facts.starts_at:
        return State.NOT_STARTED
    return _by_expiry(facts, now)


def refusal(facts: Facts, now: datetime) -> Code | None:
    """Why the licence may not run; None: it may, also in grace."""
    state = derive(facts, now)
    if state is State.SUSPENDED and _owner_suspended(facts):
        return Code.ORGANIZATION_SUSPENDED
    return _REFUSALS.get(state)


def valid_until(facts: Facts) -> datetime | None:
    """The moment from which it no longer runs by the clock: expiry plus grace. None: never."""
    if facts.expires_at is None:
        return None
    return facts.expires_at + timedelta(days=facts.grace_days)


_REFUSALS: Final = {
    State.REVOKED: Code.LICENSE_REVOKED,
    State.SUSPENDED: Code.LICENSE_SUSPENDED,
    State.POOL: Code.LICENSE_UNASSIGNED,
    State.NOT_STARTED: Code.LICENSE_NOT_STARTED,
    State.EXPIRED: Code.LICENSE_EXPIRED,
}


def _by_expiry(facts: Facts, now: datetime) -> State:
    end = valid_until(facts)
    if facts.expires_at is None or end is None:
        return State.ACTIVE
    if now >= end:
        return State.EXPIRED
    if now >= facts.expires_at:
        return State.GRACE
    return State.EXPIRING if facts.expires_at - now <= EXPIRING else State.ACTIVE


def _owner_suspended(facts: Facts) -> bool:
    return bool(facts.organization_suspended_at or facts.reseller_suspended_at)
