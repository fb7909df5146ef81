"""Which colours of a configuration are hard to read."""

from collections.abc import Mapping
from typing import Any

from core.contrast import contrast, told
from widgets.types.base import Contrast


def contrast_warnings(pairs: tuple[Contrast, ...], values: Mapping[str, Any]) -> list[str]:
    """A sentence for each pair that is hard to read. Nobody is kept from publishing."""
    found = []
    for pair in pairs:
        ink, ground = (place if place.startswith("#") else _get(values, place) for place in (pair.ink, pair.ground))
        hidden = any(_get(values, path) == value for path, value in pair.unless.items())
        if hidden or not ink or not ground:
            continue
        ratio = contrast(ink, ground)
        if ratio < pair.least:
            found.append(f"{pair.label}: contrast {told(ratio)}, {pair.least:g} : 1 is needed to be read well.")
    return found


def _get(values: Mapping[str, Any], path: str) -> Any:
    branch: Any = values
    for name in path.split("."):
        branch = branch.get(name) if isinstance(branch, Mapping) else None
    return branch
