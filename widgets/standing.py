"""How a widget stands, in a word for its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.codes import MEANINGS
from licenses.states import refusal
from widgets.models import Widget

Tone = Literal["good", "attention", "bad", "off"]


@dataclass(frozen=True, slots=True)
class Standing:
    word: str
    tone: Tone
    detail: str  # one sentence


def standing(widget: Widget, now: datetime) -> Standing:
    """The first that holds, in the order in which admission would refuse. Needs `with_state()`."""
    if code := refusal(widget.license.facts(), now):
        return Standing("Licence problem", "bad", MEANINGS[code].mean)
    if not widget.license.has(widget.type.feature):
        return Standing("Licence problem", "bad", f"The plan does not include {widget.type.feature.label}.")
    if not widget.enabled:
        return Standing("Switched off", "off", "Sites show nothing until you switch it on under Settings.")
    if widget.published is None:
        word = "Unpublished" if widget.ever_published else "Never published"
        return Standing(word, "off", "Sites show nothing until you publish.")
    if widget.has_unpublished_changes:
        return Standing("Unpublished changes", "attention", f"Sites show version {widget.published.number}.")
    return Standing("Live", "good", f"Sites show version {widget.published.number}, which is what you see here.")
