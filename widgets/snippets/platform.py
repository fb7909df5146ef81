from collections.abc import Callable
from dataclasses import dataclass

from widgets.snippets.embed import Embed, Mode

EVERY_MODE = tuple(Mode)
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """What is copied. `name` is a path where the platform has files, else what a download is called."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Guide:
    """`steps`: what to do, in words, in this order."""

    steps: Steps
    file: File


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a chat can be put. `modes`: those that make sense there."""

    id: str
    label: str
    guide: Callable[[Embed], Guide]
    modes: tuple[Mode, ...] = EVERY_MODE
