"""How every widget does: its state, where it was seen, how much it was used, and what went wrong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar

from django.db.models import Count, Model, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Organization
from analytics.models import Incident
from embed.models import VisitorSession
from widgets.models import Widget
from widgets.standing import Standing, standing

RECENT: Final = timedelta(days=7)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    begun: int


@dataclass(frozen=True, slots=True)
class Card:
    widget: Widget
    standing: Standing
    days: tuple[Day, ...]  # the last 7 (UTC), today at the end
    problems: int  # different ones, in the last 7 days

    @property
    def conversations(self) -> int:
        return sum(day.begun for day in self.days)

    @property
    def bars(self) -> list[tuple[int, int]]:
        """Where each day's begins in a picture of 69 × 20, from left and top; the picture cuts them off below."""
        most = max(day.begun for day in self.days) or 1
        return [(place * 10, 19 - round(19 * day.begun / most)) for place, day in enumerate(self.days)]


def cards(organization: Organization, widgets: Sequence[Widget], now: datetime) -> list[Card]:
    """Two queries for any number of widgets."""
    week = [now.date() - timedelta(days=ago) for ago in range(6, -1, -1)]
    ids = [widget.pk for widget in widgets]
    begun, problems = _begun(organization, ids, week[0]), _problems(organization, ids, now - RECENT)
    return [
        Card(
            widget,
            standing(widget, now),
            tuple(Day(day, begun.get((widget.pk, day), 0)) for day in week),
            problems.get(widget.pk, 0),
        )
        for widget in widgets
    ]


def _begun(organization: Organization, widgets: Collection[int], first: date) -> dict[tuple[int, date], int]:
    """(widget, day) → conversations that began. From the sessions themselves, as a licence counts them."""
    since = datetime.combine(first, time.min, UTC)
    rows = VisitorSession.objects.for_organization(organization).counted().filter(started_at__gte=since)
    by_day = _of(rows, widgets).values("widget_id", day=TruncDate("started_at", tzinfo=UTC))
    return {(row["widget_id"], row["day"]): row["number"] for row in by_day.annotate(number=Count("pk"))}


def _problems(organization: Organization, widgets: Collection[int], since: datetime) -> dict[int, int]:
    rows = Incident.objects.for_organization(organization).filter(last_at__gt=since)
    return dict(_of(rows, widgets).values("widget_id").annotate(number=Count("pk")).values_list("widget_id", "number"))


def _of(rows: QuerySet[M], widgets: Collection[int]) -> QuerySet[M]:
    return rows.filter(widget__in=widgets).order_by()
