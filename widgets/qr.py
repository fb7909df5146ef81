"""A QR code as the `d` of one SVG path, in a square of `size` units: no style, no file, nothing sent elsewhere."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]

QUIET = 4  # modules of margin that scanners need


@dataclass(frozen=True, slots=True)
class Picture:
    path: str
    size: int


def qr_picture(text: str) -> Picture:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dots = ((x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Picture("".join(f"M{x} {y}h1v1h-1z" for x, y in dots), len(rows))
