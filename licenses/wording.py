"""A licence in words, for the people who run widgets under it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import used
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
    """`percent` is 0–100, or None without a limit."""

    label: str
    text: str
    percent: int | None
    tone: Tone


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


def in_words(license: License, now: datetime) -> Words:
    return _WORDS[derive(license.facts(), now)]


def meters(license: License, now: datetime) -> list[Meter]:
    counted = [
        _meter("Widgets", license.widgets.count(), license.limit(Metric.WIDGETS)),
        _meter("Domains", license.domain_rules.count(), license.limit(Metric.DOMAINS)),
    ]
    metered = [
        _meter(label, used(license=license, metric=metric, now=now), license.limit(metric))
        for metric, label in _METERS.items()
    ]
    return counted + metered


def _meter(label: str, count: int, limit: int) -> Meter:
    if limit == UNLIMITED:
        return Meter(label, f"{count:,}, no limit", None, "good")
    percent = min(100, count * 100 // limit) if limit else 100
    tone: Tone = "bad" if percent >= 100 else "attention" if percent >= 80 else "good"
    return Meter(label, f"{count:,} of {limit:,}", percent, tone)
