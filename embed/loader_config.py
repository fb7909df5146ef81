from collections.abc import Sequence
from urllib.parse import quote

from django.urls import reverse

from embed.loader import LoaderConfig, Triggers
from widgets.models import Widget
from widgets.types.common import CommonConfiguration
from widgets.types.languages import direction_of


def frame_path(widget_type: str, license_id: str, widget_id: str) -> str:
    path = reverse("embed:frame", kwargs={"widget_type": widget_type, "license_id": license_id})
    return f"{path}?widget={quote(widget_id)}"


def loader_config(
    license_id: str, widget: Widget, configuration: CommonConfiguration, languages: Sequence[str] = (), *, embed: str
) -> LoaderConfig:
    """What stage 1 draws the launcher from; the keys are short because every site downloads them.

    configuration: in the visitor's language. languages: all of them where there are several. embed: the origin that
    the chat comes from.
    """
    launcher, teaser, window = configuration.launcher, configuration.teaser, configuration.window
    return {
        "o": embed,
        "f": frame_path(widget.widget_type, license_id, widget.public_id),
        "l": {
            "label": launcher.label,
            "text": launcher.text,
            "icon": launcher.image or launcher.icon,
            "color": launcher.color,
            "ink": launcher.ink,
            "size": launcher.size,
            "side": launcher.side,
            "x": launcher.offset_x,
            "y": launcher.offset_y,
            "z": launcher.z_index,
            "radius": launcher.radius,
        },
        "win": {"w": window.width, "h": window.height},
        "t": {"text": teaser.text, "delay": teaser.delay} if teaser.text else None,
        "open": _triggers(configuration),
        "lang": configuration.visitors.language,
        "dir": _direction(configuration),
        "languages": languages,
    }


def _triggers(configuration: CommonConfiguration) -> Triggers:
    """Only those that are on."""
    triggers = configuration.triggers
    found: Triggers = {}
    if triggers.delay:
        found["delay"] = triggers.delay
    if triggers.scroll:
        found["scroll"] = triggers.scroll
    if triggers.exit:
        found["exit"] = True
    if triggers.urls:
        found["urls"] = triggers.urls
    return found


def _direction(configuration: CommonConfiguration) -> str:
    """A launcher that is written from left to right stands where the site's own direction puts it."""
    visitors = configuration.visitors
    if visitors.direction != "auto":
        return visitors.direction
    return "rtl" if direction_of(visitors.language) == "rtl" else ""
