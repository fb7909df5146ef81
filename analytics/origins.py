"""Where chats are loaded, and where they are refused: from the pages' own Referer, kept in memory first and written in
batches. At most MOST websites are kept for a licence or widget; those not seen for the longest time make room."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When

from analytics.models import SeenOrigin, Sighting
from core.batch import BatchWriter, each_alone
from licenses.domains import RuleError, parse_rule
from widgets.models import Widget

MOST = 200
LONGEST = 280  # characters
ABOUT = timedelta(minutes=1)  # a widget's row is written no oftener


@dataclass(frozen=True, slots=True)
class Refusal:
    organization_id: int
    license_id: int
    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    organization_id: int
    widget_id: int
    origin: str
    version: int
    at: datetime


@each_alone
@transaction.atomic
def write_refusals(refusals: list[Refusal]) -> None:
    """In a fixed order, so that two processes never wait for each other in a circle."""
    grouped: dict[tuple[int, str], list[Refusal]] = defaultdict(list)
    for refusal in refusals:
        grouped[refusal.license_id, refusal.origin].append(refusal)
    made = set()
    for (license_id, origin), same in sorted(grouped.items()):
        if is_website(origin) and _add_refusals(license_id, origin, same):
            made.add(license_id)
    for license_id in made:
        _make_room(SeenOrigin.objects.filter(license_id=license_id))


def _add_refusals(license_id: int, origin: str, same: Sequence[Refusal]) -> bool:
    """Whether a row was made."""
    rows = SeenOrigin.objects.filter(license_id=license_id, origin=origin)
    change = {"count": F("count") + len(same), "last_at": same[-1].at}
    if rows.update(**change):
        return False
    first = same[0]
    row = SeenOrigin(
        organization_id=first.organization_id,
        license_id=license_id,
        origin=origin,
        first_at=first.at,
        last_at=first.at,
    )
    SeenOrigin.objects.bulk_create([row], ignore_conflicts=True)  # another process may make it now
    rows.update(**change)
    return True


@each_alone
@transaction.atomic
def write_loads(loads: list[Load]) -> None:
    grouped: dict[tuple[int, str], list[Load]] = defaultdict(list)
    latest: dict[int, datetime] = {}
    for load in loads:
        grouped[load.widget_id, load.origin].append(load)
        latest[load.widget_id] = max(load.at, latest.get(load.widget_id, load.at))
    made = set()
    for (widget_id, origin), same in sorted(grouped.items()):
        if _add_loads(widget_id, origin, same):
            made.add(widget_id)
    for widget_id in made:
        _make_room(Sighting.objects.filter(widget_id=widget_id))
    for widget_id, at in sorted(latest.items()):
        stale = Q(last_seen_at=None) | Q(last_seen_at__lt=at - ABOUT)
        Widget.objects.filter(stale, pk=widget_id).update(last_seen_at=at)


def _add_loads(widget_id: int, origin: str, same: Sequence[Load]) -> bool:
    """Whether a row was made. A new day begins at nought."""
    rows = Sighting.objects.filter(widget_id=widget_id, origin=origin)
    last, number = same[-1], len(same)
    day = last.at.date()
    change = {
        "loads": Case(When(day=day, then=F("loads") + number), default=Value(number)),
        "day": day,
        "version": last.version,
        "last_at": last.at,
    }
    if rows.update(**change):
        return False
    row = Sighting(
        organization_id=last.organization_id,
        widget_id=widget_id,
        origin=origin,
        version=last.version,
        day=day,
        last_at=last.at,
    )
    Sighting.objects.bulk_create([row], ignore_conflicts=True)
    rows.update(**change)
    return True


def is_website(origin: str) -> bool:
    """Whether it is an https origin that a rule could allow: what anybody may make us write down is bounded by this."""
    if not origin.startswith("https://") or len(origin) > LONGEST:
        return False
    try:
        return parse_rule(origin).source == origin
    except RuleError:
        return False


def _make_room(rows: "models.QuerySet[SeenOrigin] | models.QuerySet[Sighting]") -> None:
    oldest = list(rows.order_by("-last_at", "-pk").values_list("pk", flat=True)[MOST:])
    if oldest:
        rows.filter(pk__in=oldest).delete()


refusals: BatchWriter[Refusal] = BatchWriter(write_refusals, max_delay=1.0)
loads: BatchWriter[Load] = BatchWriter(write_loads, max_delay=1.0, max_items=2000)


def refused(organization_id: int, license_id: int, origin: str) -> None:
    refusals.put(Refusal(organization_id, license_id, origin[: LONGEST + 1], datetime.now(UTC)))


def loaded(organization_id: int, widget_id: int, origin: str, version: int) -> None:
    loads.put(Load(organization_id, widget_id, origin[:LONGEST], version, datetime.now(UTC)))
