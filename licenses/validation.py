"""Whether a licence is good for something, for servers and plug-ins that ask. Public pages use embed.admission.

The order is fixed and the first failure names its code: known → state → feature and widget type → domain → quota. The
state comes before the domain, so that a dead licence tells nobody which sites it was for.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from core.codes import Code
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.keys import InvalidKey, key_digest
from licenses.metering import SOFT, resets_at, used
from licenses.models import License, LicenseQuerySet
from licenses.services.issuing import find_by_key
from licenses.states import State, derive, refusal, valid_until

VALID: Final = "valid"
_TYPES: Final = {Feature.N8N, Feature.CHATKIT}


class Warn(StrEnum):
    IN_GRACE = "license_in_grace"
    EXPIRING = "license_expiring"
    QUOTA_SOFT = "quota_soft"
    FORMER_KEY = "former_key"


@dataclass(frozen=True, slots=True)
class Question:
    """What the licence should be good for; what is None is not asked."""

    domain: str | None = None  # "shop.example" or a whole origin
    feature: str | None = None
    widget_type: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    valid: bool
    code: str  # "valid", or a core.codes.Code
    license: str | None = None
    state: str | None = None
    warnings: tuple[str, ...] = ()
    expires_at: datetime | None = None
    valid_until: datetime | None = None  # the end with its grace
    resets_at: datetime | None = None  # of the limit that is used up, the last one to begin anew

    def as_json(self) -> dict[str, Any]:
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}


def validate_key(key: str, question: Question, *, now: datetime, among: LicenseQuerySet | None = None) -> Verdict:
    """`among`: the licences that the asker may know of; None: all."""
    license = find_by_key(key, now=now)
    if license is not None and among is not None and not among.filter(pk=license.pk).exists():
        license = None
    is_former = license is not None and license.key_digest != _digest(key)
    return validate_license(license, question, now=now, extra=(Warn.FORMER_KEY,) if is_former else ())


def validate_license(
    license: License | None, question: Question, *, now: datetime, extra: tuple[str, ...] = ()
) -> Verdict:
    """`license` comes from a scoped query with `with_facts`; None is one that is not there or not the caller's."""
    if license is None:
        return Verdict(False, Code.NOT_FOUND)
    spent = _spent(license, question, now)
    code = (
        refusal(license.facts(), now)
        or _entitlement(license, question)
        or _domain(license, question)
        or (Code.QUOTA_EXCEEDED if spent else None)
    )
    facts = license.facts()
    return Verdict(
        valid=code is None,
        code=code or VALID,
        license=license.public_id,
        state=derive(facts, now).value,
        warnings=(*extra, *_warnings(license, now)) if code is None else extra,
        expires_at=facts.expires_at,
        valid_until=valid_until(facts),
        resets_at=max(spent) if code is Code.QUOTA_EXCEEDED else None,
    )


def _entitlement(license: License, question: Question) -> Code | None:
    """What is not on the closed list is not granted."""
    wanted = {name for name in (question.feature, question.widget_type) if name is not None}
    known = wanted <= set(Feature) and question.widget_type in (None, *_TYPES)
    granted = known and all(license.has(Feature(name)) for name in wanted)
    return None if granted else Code.ENTITLEMENT_MISSING


def _domain(license: License, question: Question) -> Code | None:
    if question.domain is None:
        return None
    text = question.domain.strip()
    return license.rule_set().check(f"https://{text}" if text and "://" not in text else text)


def _spent(license: License, question: Question, now: datetime) -> list[datetime]:
    """When each used-up limit begins anew."""
    return [
        resets_at(metric, now, license.anchor_day)
        for metric in _metered(question)
        if (limit := license.limit(metric)) != UNLIMITED and used(license=license, metric=metric, now=now) >= limit
    ]


def _metered(question: Question) -> tuple[Metric, ...]:
    sessions = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH)
    return (*sessions, Metric.MESSAGES_MONTH) if question.widget_type == Feature.N8N else sessions


def _warnings(license: License, now: datetime) -> Iterator[str]:
    state = derive(license.facts(), now)
    if state is State.GRACE:
        yield Warn.IN_GRACE
    if state is State.EXPIRING:
        yield Warn.EXPIRING
    for metric in (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH, Metric.MESSAGES_MONTH):
        limit = license.limit(metric)
        if limit > 0 and used(license=license, metric=metric, now=now) * 100 >= SOFT[0] * limit:
            yield f"{Warn.QUOTA_SOFT}:{metric}"


def _digest(key: str) -> str:
    try:
        return key_digest(key)
    except InvalidKey:
        return ""
