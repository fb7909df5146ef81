"""Reading the audit log: what may be asked of it, and how a line is put for people and for spreadsheets."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import AuditEvent, Organization
from accounts.services import record
from core.csvfile import Batch, Cell
from core.lists import Column, Filter, List

HEAD: Final = ("time", "person", "on_behalf_of", "action", "target", "details", "ip", "user_agent", "request_id")
BATCH: Final = 500
_SYSTEM: Final = "system"
_LAST: Final = {"day": ("The last 24 hours", 1), "week": ("The last 7 days", 7), "month": ("The last 30 days", 30)}
_MONTHS: Final = 13


def events_of(organization: Organization) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.seen_by(organization).select_related("actor", "on_behalf_of", "organization")


def list_of(organization: Organization, now: datetime) -> List:
    """The filters offer what the organization's log holds."""
    events = AuditEvent.objects.seen_by(organization).order_by()
    people = events.exclude(actor=None).values_list("actor", "actor__email").distinct()
    known = sorted(((str(pk), email) for pk, email in people), key=lambda person: person[1])
    actions = sorted(events.values_list("action", flat=True).distinct())
    return List(
        nouns=("line", "lines"),
        columns=[
            Column("at", "When", "at", greatest_first=True),
            Column("who", "Who"),
            Column("what", "What"),
            Column("target", "To what"),
            Column("where", "From where"),
        ],
        filters=[
            Filter("person", "Person", [*known, (_SYSTEM, "The system")], _by),
            Filter("action", "What", [(action, in_words(action)) for action in actions], "action"),
            Filter("time", "When", _times(now), lambda rows, value: _within(rows, value, now)),
        ],
        search=("target__icontains", "actor__email__icontains", "ip", "request_id"),
        sort="-at",
    )


def in_words(action: str) -> str:
    """“license.plan_changed” → “Licence plan changed”"""
    return action.replace("license", "licence").replace(".", " ").replace("_", " ").capitalize()


def changes(details: dict[str, Any]) -> Iterator[str]:
    """“role: editor → analyst” for what has a before and an after, “reason: …” for the rest."""
    before, after = (details.get(name) for name in ("before", "after"))
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                yield f"{_label(name)}: {_text(before.get(name))} → {_text(after.get(name))}"
        details = {name: value for name, value in details.items() if name not in ("before", "after")}
    for name, value in details.items():
        yield f"{_label(name)}: {_text(value)}"


def read_batch(events: QuerySet[AuditEvent], after: int) -> Batch:
    """Lines of a CSV file, the oldest first. `events` as they are narrowed."""
    page = list(events.filter(pk__gt=after).order_by("pk")[:BATCH])
    return [_line(event) for event in page], page[-1].pk if len(page) == BATCH else None


@transaction.atomic
def delete_before(moment: datetime) -> int:
    """How many lines went. PostgreSQL lets them go only while this transaction says that retention is meant."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL chatdock.audit_retention = 'on'")
    count, _ = AuditEvent.objects.filter(at__lt=moment).delete()
    record(action="audit.deleted", actor=None, organization=None, before=moment.isoformat(), count=count)
    return count


def _line(event: AuditEvent) -> tuple[Cell, ...]:
    who = event.actor.email if event.actor else _SYSTEM
    behalf = event.on_behalf_of.name if event.on_behalf_of else ""
    details = json.dumps(event.details, ensure_ascii=False) if event.details else ""
    what = event.action, event.target, details
    return event.at.isoformat(), who, behalf, *what, event.ip, event.user_agent, event.request_id


def _times(now: datetime) -> list[tuple[str, str]]:
    months, first = [], now.astimezone(UTC).replace(day=1)
    for _ in range(_MONTHS):
        months.append((f"{first:%Y-%m}", f"{first:%B %Y}"))
        first = (first - timedelta(days=1)).replace(day=1)
    return [*((name, label) for name, (label, _) in _LAST.items()), *months]


def _within(rows: QuerySet[AuditEvent], value: str, now: datetime) -> QuerySet[AuditEvent]:
    if value in _LAST:
        return rows.filter(at__gt=now - timedelta(days=_LAST[value][1]))
    year, month = map(int, value.split("-"))
    return rows.filter(at__year=year, at__month=month)


def _by(rows: QuerySet[AuditEvent], value: str) -> QuerySet[AuditEvent]:
    return rows.filter(actor=None) if value == _SYSTEM else rows.filter(actor=int(value))


def _label(name: str) -> str:
    return name.replace("_", " ")


def _text(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or "nothing"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
