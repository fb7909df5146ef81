"""Ready-made looks. The launcher's ink holds 4.5:1 on its colour; a test says so."""

from typing import Any

from widgets.types.base import Look


def _look(name: str, color: str, ink: str, *, grey: tuple[int, int] | None = None, **theme: Any) -> Look:
    accent = {"enabled": True, "primary": color, "level": 2}
    greys = {"enabled": True, "hue": grey[0], "tint": grey[1], "shade": 0} if grey else {"enabled": False}
    return Look(
        name,
        {
            "theme": {"accent": accent, "grayscale": greys, "surface": {"enabled": False}, **theme},
            "launcher": {"color": color, "ink": ink},
        },
    )


LOOKS = (
    Look("As ChatKit is", {"theme": {name: {"enabled": False} for name in ("accent", "grayscale", "surface")}}),
    _look("Clear blue", "#1f5eff", "#ffffff", radius="pill", density="normal", scheme="auto"),
    _look("Harbour", "#0b5563", "#ffffff", grey=(190, 5), radius="round", density="normal", scheme="light"),
    _look("Berry", "#c9307f", "#ffffff", grey=(330, 4), radius="pill", density="spacious", scheme="auto"),
    _look("Night", "#6d4aff", "#ffffff", grey=(260, 6), radius="soft", density="normal", scheme="dark"),
    _look("Compact", "#3d3a34", "#ffffff", radius="sharp", density="compact", scheme="light"),
)
