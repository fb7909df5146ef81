"""Logos: whatever comes in is drawn anew as a small PNG, so that nothing but pixels is ever served.

SVG is refused: it is a document that may hold scripts.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageOps, UnidentifiedImageError

UPLOAD_MAX = 2 * 1024 * 1024  # bytes of the file that comes in
STORED_MAX = 100 * 1024  # bytes of what is kept
_FORMATS = ("PNG", "JPEG", "WEBP")
_SIDE_MAX = 4096  # pixels of what comes in: more would take memory to open, not to look better
_BOXES = ((512, 160), (256, 80), (128, 40))  # twice to four times what pages show; the first that is small enough
_WIDE = 1.8  # width to height: from here on a logo is a name in letters
_FAULTS = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class BadLogo(ValueError):
    """The text says what to do."""


@dataclass(frozen=True, slots=True)
class Logo:
    png: bytes
    digest: str
    is_wide: bool


def read_logo(data: bytes) -> Logo:
    """Raises BadLogo."""
    if len(data) > UPLOAD_MAX:
        raise BadLogo("The file is larger than 2 MB. Make it smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _open(data)
            for box in _BOXES:
                png = _drawn(picture, box)
                if len(png) <= STORED_MAX:
                    wide = picture.width > picture.height * _WIDE
                    return Logo(png, sha256(png).hexdigest()[:32], wide)
    except BadLogo:
        raise
    except _FAULTS:
        raise BadLogo("This file cannot be read. Save the logo anew as PNG.") from None
    raise BadLogo("The logo has too much detail. Use a simpler one.")


def _open(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise BadLogo("Use a PNG, JPEG or WebP file.") from None
    if max(picture.size) > _SIDE_MAX:
        raise BadLogo(f"The picture is larger than {_SIDE_MAX} pixels. Make it smaller.")
    return ImageOps.exif_transpose(picture).convert("RGBA")


def _drawn(picture: Image.Image, box: tuple[int, int]) -> bytes:
    small = picture.copy()
    small.thumbnail(box)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
