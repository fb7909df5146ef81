"""What the configurator's scripts are told with the page."""

from typing import Any

from accounts.brands import embed_url
from core.codes import MEANINGS
from widgets.models import Widget
from widgets.types.languages import LANGUAGES as SPOKEN
from widgets.types.languages import PSEUDO

__all__ = ["DEVICES", "LANGUAGES", "STATES", "facts"]

LANGUAGES = SPOKEN | {PSEUDO: "Pseudo: long and accented"}
# CSS pixels, as the devices' browsers report them.
DEVICES = (
    ("Small phone", 320, 568),
    ("iPhone SE", 375, 667),
    ("iPhone 14", 390, 844),
    ("iPhone 15 and 16", 393, 852),
    ("iPhone Pro Max", 430, 932),
    ("Pixel", 412, 915),
    ("Galaxy", 360, 780),
    ("iPad mini", 768, 1024),
    ("iPad Pro 11", 834, 1194),
    ("Laptop", 1280, 800),
    ("Wide laptop", 1366, 768),
    ("Desktop", 1440, 900),
    ("Full HD", 1920, 1080),
)
STATES = (
    ("live", "As it is"),
    ("teaser", "Closed, with teaser"),
    ("empty", "Empty"),
    ("conversation", "A conversation"),
    ("typing", "Typing"),
    ("long", "A long message"),
    ("code", "Code"),
    ("file", "A file"),
    ("error", "An error"),
    ("offline", "Offline"),
    ("limited", "Too many messages"),
    ("suspended", "Licence suspended"),
)


def facts(widget: Widget, revision: int | str, *, undecided: bool, urls: dict[str, str]) -> dict[str, Any]:
    """undecided: the form holds what was refused, so that it is not what is stored."""
    kind = widget.type
    return {
        "revision": revision,
        "stored": widget.draft,
        "defaults": kind.configuration().model_dump(mode="json"),
        "pairs": [pair.as_json() for pair in kind.contrasts],
        "embed": embed_url(widget.license.organization),
        "meanings": {code: meaning.mean for code, meaning in MEANINGS.items()},
        "undecided": undecided,
        **urls,
    }
