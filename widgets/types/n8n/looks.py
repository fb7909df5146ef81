"""Ready-made looks. Each pair of ink and ground holds 4.5:1; a test says so."""

from typing import Any

from widgets.types.base import Look


def _look(name: str, accent: str, ink: str, *, radius: int, launcher_radius: int, **theme: Any) -> Look:
    launcher = {"color": accent, "ink": ink, "radius": launcher_radius}
    return Look(name, {"theme": {"accent": accent, "accent_ink": ink, "radius": radius, **theme}, "launcher": launcher})


LOOKS = (
    _look("Clear blue", "#1f5eff", "#ffffff", radius=16, launcher_radius=28, font="system", scheme="auto"),
    _look("Harbour", "#0b5563", "#ffffff", radius=12, launcher_radius=28, font="system", scheme="light"),
    _look("Berry", "#c9307f", "#ffffff", radius=24, launcher_radius=28, font="rounded", scheme="auto"),
    _look("Night", "#c8b6ff", "#1b1033", radius=16, launcher_radius=20, font="system", scheme="dark"),
    _look("Paper", "#3d3a34", "#ffffff", radius=4, launcher_radius=6, font="serif", scheme="light"),
    _look("Terminal", "#7ee787", "#04260f", radius=0, launcher_radius=0, font="mono", scheme="dark"),
)
