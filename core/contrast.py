"""WCAG 2.2 contrast of colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). A colour is "#rrggbb"."""

import math

READABLE = 4.5  # text against its ground, level AA


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def told(ratio: float) -> str:
    """Never rounded up, so that what fails does not read as passing; contrast-list.js does the same."""
    return f"{math.floor(ratio * 100) / 100:.2f} : 1"


def nearest_readable(color: str, grounds: tuple[str, ...], end: str) -> str:
    """The shade of `color` nearest to it that can be read on all `grounds`: mixed with `end`, black or white."""
    for share in range(101):
        shade = _mixed(color, end, share / 100)
        if all(contrast(shade, ground) >= READABLE for ground in grounds):
            return shade
    return end


def _mixed(color: str, end: str, share: float) -> str:
    parts = zip(_channels(color), _channels(end), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in parts)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
