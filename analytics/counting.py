"""Counting what happens in widgets: in memory first, then added to the day's rows in batches."""

from collections import Counter
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from analytics.models import DailyEventCount
from core.batch import BatchWriter, each_alone

EVENTS = frozenset({"opened", "ready", "failed", "link"})

Event = tuple[int, int, str, str, str]  # organization, widget, day, name, code


@each_alone
@transaction.atomic
def add_counts(counts: list[tuple[Event, int]]) -> None:
    """One upsert per distinct event, in a fixed order so that two processes never wait for each other in a circle."""
    total: Counter[Event] = Counter()
    for event, number in counts:
        total[event] += number
    for (organization, widget, day, name, code), number in sorted(total.items()):
        key = {"widget_id": widget, "day": day, "name": name, "code": code}
        rows = DailyEventCount.objects.filter(**key)
        if not rows.update(count=F("count") + number):
            DailyEventCount.objects.bulk_create(
                [DailyEventCount(organization_id=organization, **key)], ignore_conflicts=True
            )
            rows.update(count=F("count") + number)


writer: BatchWriter[tuple[Event, int]] = BatchWriter(add_counts, max_delay=1.0, max_items=2000)


def count(organization: int, widget: int, name: str, code: str = "", number: int = 1) -> None:
    writer.put(((organization, widget, datetime.now(UTC).date().isoformat(), name, code), number))
