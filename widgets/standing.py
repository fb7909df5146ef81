"""How a widget stands, in a word for its owner; and the same in SQL, to sort and filter by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Right
from django.db.models.lookups import Exact

from core.codes import MEANINGS
from licenses.models import License
from licenses.states import refusal
from licenses.wording import Tone
from widgets.models import Widget
from widgets.types import all_types

# Value in an address → word. In this order lists are sorted: what needs somebody first.
STATES: Final = {
    "stopped": "Licence problem",
    "changed": "Unpublished changes",
    "unpublished": "Unpublished",
    "new": "Never published",
    "off": "Switched off",
    "live": "Live",
}
_RANKS: Final = {key: rank for rank, key in enumerate(STATES)}
_TAIL: Final = 32  # characters of a sealed text that tell it from any other: see core.crypto.same_sealed


@dataclass(frozen=True, slots=True)
class Standing:
    word: str
    tone: Tone
    detail: str  # one sentence


def standing(widget: Widget, now: datetime) -> Standing:
    """The first that holds. What stops all widgets of a licence is told before what its owner has switched, whichever
    of them admission names to a visitor. Needs `with_state()`."""
    if code := refusal(widget.license.facts(), now):
        return Standing(STATES["stopped"], "bad", MEANINGS[code].mean)
    if not widget.license.has(widget.type.feature):
        return Standing(STATES["stopped"], "bad", f"The plan does not include {widget.type.feature.label}.")
    if not widget.enabled:
        return Standing(STATES["off"], "off", "Sites show nothing until you switch it on under Settings.")
    if widget.published is None:
        word = STATES["unpublished" if widget.ever_published else "new"]
        return Standing(word, "off", "Sites show nothing until you publish.")
    if widget.has_unpublished_changes:
        return Standing(STATES["changed"], "attention", f"Sites show version {widget.published.number}.")
    return Standing(STATES["live"], "good", f"Sites show version {widget.published.number}, the same as the draft.")


def in_use(widget: Widget) -> bool:
    """Whether sites may be showing it."""
    return widget.enabled and widget.published_id is not None


def with_rank(rows: "QuerySet[Widget]", licenses: Iterable[License], now: datetime) -> "QuerySet[Widget]":
    """Adds `rank`, the place of the widget's state in STATES. `licenses`: with_facts(), of all these widgets."""
    same = Q(draft=F("published__configuration"), tail=Right("published__connection", _TAIL))
    rank = Case(
        When(_stopped(licenses, now), then=_RANKS["stopped"]),
        When(enabled=False, then=_RANKS["off"]),
        When(published=None, ever_published=True, then=_RANKS["unpublished"]),
        When(published=None, then=_RANKS["new"]),
        When(same, then=_RANKS["live"]),
        default=Value(_RANKS["changed"]),
        output_field=IntegerField(),
    )
    return rows.annotate(tail=Right("draft_connection", _TAIL)).annotate(rank=rank)


def in_state(rows: "QuerySet[Widget]", state: str) -> "QuerySet[Widget]":
    """Needs `with_rank()`."""
    return rows.filter(Exact(F("rank"), _RANKS[state]))


def _stopped(licenses: Iterable[License], now: datetime) -> Q:
    found = Q(pk__in=[])
    for license in licenses:
        if refusal(license.facts(), now):
            found |= Q(license=license)
        else:
            kinds = [kind.id for kind in all_types().values() if not license.has(kind.feature)]
            found |= Q(license=license, widget_type__in=kinds)
    return found
