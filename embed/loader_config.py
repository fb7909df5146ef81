from urllib.parse import quote

from django.urls import reverse

from embed.assets import get_asset
from embed.loader import LoaderConfig
from widgets.models import Widget
from widgets.types.common import CommonConfiguration


def frame_path(widget_type: str, license_id: str, widget_id: str) -> str:
    path = reverse("embed:frame", kwargs={"widget_type": widget_type, "license_id": license_id})
    return f"{path}?widget={quote(widget_id)}"


def loader_config(license_id: str, widget: Widget, configuration: CommonConfiguration, *, embed: str) -> LoaderConfig:
    """What stage 1 draws the launcher from; the keys are short because every site downloads them. embed: an origin."""
    launcher, teaser, window = configuration.launcher, configuration.teaser, configuration.window
    direction = configuration.visitors.direction
    return {
        "o": embed,
        "f": frame_path(widget.widget_type, license_id, widget.public_id),
        "w": widget.public_id,
        "s": get_asset("loader.js").path,
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
        "open": {},
        "lang": configuration.visitors.language,
        "dir": "" if direction == "auto" else direction,
    }
