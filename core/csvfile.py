"""CSV for spreadsheets (RFC 4180, UTF-8 with a byte order mark), sent as it is read.

A cell that a spreadsheet would take for a formula gets an apostrophe in front:
https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Final, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core.db import in_db

R = TypeVar("R", bound=HttpResponseBase)
Cell = str | int | None
Batch = tuple[Sequence[Sequence[Cell]], int | None]  # rows, and where to go on; None: that was all
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
# Where a spreadsheet may see a cell begin that we did not: many split at semicolons or tabs.
_INNER: Final = re.compile(r"([;\t\r\n][\s\"]*)(?=[=+\-@])")
_MARK: Final = "\ufeff"


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue()


def csv_stream(name: str, head: Sequence[str], read: Callable[[int], Batch]) -> StreamingHttpResponse:
    """`read(after)` gives the next rows; it is called in a database thread, first with 0."""
    return _as_file(StreamingHttpResponse(_parts(head, read)), name)


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    return _as_file(HttpResponse(_MARK + csv_text([head, *rows])), name)


async def _parts(head: Sequence[str], read: Callable[[int], Batch]) -> AsyncIterator[bytes]:
    yield (_MARK + csv_text([head])).encode()
    after: int | None = 0
    while after is not None:
        rows, after = await in_db(read, after)
        yield csv_text(rows).encode()


def _safe(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = _INNER.sub(r"\1'", cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _as_file(response: R, name: str) -> R:
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
