"""A licence in words, for the people who run widgets under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q

from licenses.entitlements import UNLIMITED, Metric, Pool, PoolExceeded
from licenses.metering import SOFT, resets_at, used_of
from licenses.models import License
from licenses.pool import Allocation
from licenses.states import State, derive

Tone = Literal["good", "attention", "bad", "off"]


@dataclass(frozen=True, slots=True)
class Words:
    word: str
    tone: Tone
    detail: str


@dataclass(frozen=True, slots=True)
class Meter:
    """`percent` is 0–100, or None without a limit. At 100 visitors are refused, if it is they who fill it."""

    label: str
    text: str
    percent: int | None
    tone: Tone
    resets: datetime | None = None  # when the count begins anew

    @property
    def by_visitors(self) -> bool:
        return self.resets is not None


_WORDS: dict[State, Words] = {
    State.REVOKED: Words("Revoked", "bad", "It was withdrawn for good. Ask whoever issued it for a new one."),
    State.SUSPENDED: Words("Suspended", "bad", "Its widgets are paused. Contact whoever issued it."),
    State.POOL: Words("Not assigned", "off", "It belongs to no organization yet."),
    State.NOT_STARTED: Words("Not started", "off", "Its widgets run from the start date on."),
    State.EXPIRED: Words("Expired", "bad", "Its widgets have stopped. Renew it to bring them back."),
    State.GRACE: Words(
        "Expired, still running", "attention", "Renew it soon: its widgets stop after the days of grace."
    ),
    State.EXPIRING: Words("Ends soon", "attention", "Renew it within two weeks."),
    State.ACTIVE: Words("Active", "good", "Its widgets run."),
}
METERS = {
    Metric.SESSIONS_DAY: "Chats today (UTC)",
    Metric.SESSIONS_MONTH: "Chats this month",
    Metric.MESSAGES_MONTH: "Messages this month",
}
POOL_LABELS = {
    "customers": "Customers",
    "licenses": "Licences",
    "widgets": "Widgets",
    "domains": "Domains",
    "sessions_month": "Chats a month",
}


def words_of(state: State) -> Words:
    return _WORDS[state]


def in_words(license: License, now: datetime) -> Words:
    return words_of(derive(license.facts(), now))


def meters(license: License, now: datetime) -> list[Meter]:
    return meters_of([license], now)[license.pk]


def meters_of(licenses: Sequence[License], now: datetime) -> dict[int, list[Meter]]:
    """License pk → its meters: three queries for any number of licences."""
    widgets = _counted(licenses, Count("widgets", filter=Q(widgets__deleted_at=None)))
    domains = _counted(licenses, Count("domain_rules"))
    used = used_of(licenses, METERS, now)
    return {
        license.pk: [
            meter("Widgets", widgets[license.pk], license.limit(Metric.WIDGETS)),
            meter("Domains", domains[license.pk], license.limit(Metric.DOMAINS)),
            *(metered(license, metric, used[license.pk, metric], now) for metric in METERS),
        ]
        for license in licenses
    }


def _counted(licenses: Sequence[License], count: Count) -> dict[int, int]:
    own = License.objects.filter(pk__in=[license.pk for license in licenses])
    return dict(own.annotate(counted=count).values_list("pk", "counted"))


def metered(license: License, metric: Metric, used: int, now: datetime) -> Meter:
    resets = resets_at(metric, now, license.anchor_day)
    return meter(METERS[metric], used, license.limit(metric), resets=resets)


def pool_meters(taken: Allocation, pool: Pool) -> list[Meter]:
    """What of a reseller's pool is taken."""
    return [meter(label, getattr(taken, name), getattr(pool, name)) for name, label in POOL_LABELS.items()]


def meter(label: str, count: int, limit: int, *, resets: datetime | None = None) -> Meter:
    counted = "unlimited" if count == UNLIMITED else f"{count:,}"
    if limit == UNLIMITED:
        return Meter(label, counted if count == UNLIMITED else f"{counted}, no limit", None, "good", resets)
    percent = 100 if count == UNLIMITED or not limit else min(100, count * 100 // limit)
    tone: Tone = "bad" if percent >= SOFT[-1] else "attention" if percent >= SOFT[0] else "good"
    return Meter(label, f"{counted} of {limit:,}", percent, tone, resets)


def limit_words(limit: int | None) -> str:
    if limit is None:
        return "as the plan"
    return {UNLIMITED: "unlimited", 0: "none"}.get(limit, f"{limit:,}")


def amount(count: int, noun: str) -> str:
    """“1 widget”, “2 widgets”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def refused(error: Exception) -> str:
    """Why a service did not do it."""
    if isinstance(error, PoolExceeded):
        label = POOL_LABELS.get(error.name, error.name)
        return (
            f"The pool is too small for this: {label.lower()}, {limit_words(error.limit)} in all. Nothing was changed."
        )
    return str(error)
