"""How every widget does: its state, where it was seen, how much it was used, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet

from accounts.models import Organization
from analytics.models import Incident
from embed.models import VisitorSession
from widgets.models import Widget
from widgets.standing import Standing, standing

RECENT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Card:
    widget: Widget
    standing: Standing
    conversations: int  # begun in the last 7 days
    problems: int  # different ones, in the last 7 days


def cards(organization: Organization, widgets: Sequence[Widget], now: datetime) -> list[Card]:
    """Two queries for any number of widgets."""
    begun = VisitorSession.objects.for_organization(organization).counted().filter(started_at__gt=now - RECENT)
    wrong = Incident.objects.for_organization(organization).filter(last_at__gt=now - RECENT)
    conversations, problems = (_by_widget(rows, widgets) for rows in (begun, wrong))
    return [
        Card(widget, standing(widget, now), conversations.get(widget.pk, 0), problems.get(widget.pk, 0))
        for widget in widgets
    ]


def _by_widget(rows: "QuerySet[VisitorSession] | QuerySet[Incident]", widgets: Sequence[Widget]) -> dict[int, int]:
    counted = rows.filter(widget__in=[widget.pk for widget in widgets]).order_by().values("widget_id")
    return dict(counted.annotate(number=Count("pk")).values_list("widget_id", "number"))
