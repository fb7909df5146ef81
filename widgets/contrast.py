"""WCAG 2.2 contrast of a configuration's colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

from collections.abc import Mapping
from typing import Any

from widgets.types.base import Contrast


def contrast(one: str, other: str) -> float:
    """Of two colours "#rrggbb": 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def contrast_warnings(pairs: tuple[Contrast, ...], values: Mapping[str, Any]) -> list[str]:
    """A sentence for each pair that is hard to read. Nobody is kept from publishing."""
    found = []
    for pair in pairs:
        ink, ground = (place if place.startswith("#") else _get(values, place) for place in (pair.ink, pair.ground))
        if (pair.when and not _get(values, pair.when)) or not ink or not ground:
            continue
        ratio = contrast(ink, ground)
        if ratio < pair.least:
            found.append(f"{pair.label}: contrast {ratio:.2f} : 1, {pair.least:g} : 1 is needed to be read well.")
    return found


def _get(values: Mapping[str, Any], path: str) -> Any:
    branch: Any = values
    for name in path.split("."):
        branch = branch.get(name) if isinstance(branch, Mapping) else None
    return branch


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
