"""A licence in words, for the people who run widgets under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count

from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import used_of
from licenses.models import License
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
    by_visitors: bool


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
_METERS = {
    Metric.SESSIONS_DAY: "Chats today (UTC)",
    Metric.SESSIONS_MONTH: "Chats this month",
    Metric.MESSAGES_MONTH: "Messages this month",
}


def words_of(state: State) -> Words:
    return _WORDS[state]


def in_words(license: License, now: datetime) -> Words:
    return words_of(derive(license.facts(), now))


def meters(license: License, now: datetime) -> list[Meter]:
    return meters_of([license], now)[license.pk]


def meters_of(licenses: Sequence[License], now: datetime) -> dict[int, list[Meter]]:
    """License pk → its meters: three queries for any number of licences."""
    widgets, domains = (_counted(licenses, relation) for relation in ("widgets", "domain_rules"))
    used = used_of(licenses, _METERS, now)
    return {
        license.pk: [
            _meter("Widgets", widgets[license.pk], license.limit(Metric.WIDGETS)),
            _meter("Domains", domains[license.pk], license.limit(Metric.DOMAINS)),
            *(
                _meter(label, used[license.pk, metric], license.limit(metric), by_visitors=True)
                for metric, label in _METERS.items()
            ),
        ]
        for license in licenses
    }


def _counted(licenses: Sequence[License], relation: str) -> dict[int, int]:
    own = License.objects.filter(pk__in=[license.pk for license in licenses])
    return dict(own.values_list("pk", Count(relation)))


def _meter(label: str, count: int, limit: int, *, by_visitors: bool = False) -> Meter:
    if limit == UNLIMITED:
        return Meter(label, f"{count:,}, no limit", None, "good", by_visitors)
    percent = min(100, count * 100 // limit) if limit else 100
    tone: Tone = "bad" if percent >= 100 else "attention" if percent >= 80 else "good"
    return Meter(label, f"{count:,} of {limit:,}", percent, tone, by_visitors)
