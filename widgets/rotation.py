"""Bringing what is sealed under an old key under the active one, without opening it."""

from collections import Counter
from collections.abc import Iterator

from django.db import models

from core.crypto import active_key_id, key_id, rewrap
from widgets.models import Credential, Widget, WidgetVersion

# Every column that holds sealed text.
SEALED: tuple[tuple[type[models.Model], str], ...] = (
    (Credential, "sealed"),
    (Widget, "draft_connection"),
    (WidgetVersion, "connection"),
)


def rows_by_key() -> Counter[str]:
    """Key id → how many sealed values stand under it. A key may go from SEALING_KEYS once it is at 0."""
    return Counter(key_id(sealed) for model, column in SEALED for _, sealed in _values(model, column))


def rotate() -> int:
    """How many values were rewrapped. Each row is written by itself and only while it still holds what was read, so
    the command may be stopped, run again, and run while people work."""
    active, done = active_key_id(), 0
    for model, column in SEALED:
        for pk, sealed in _values(model, column):
            if key_id(sealed) != active:
                row = model._base_manager.filter(pk=pk, **{column: sealed})
                done += row.update(**{column: rewrap(sealed)})
    return done


def _values(model: type[models.Model], column: str) -> Iterator[tuple[int, str]]:
    rows = model._base_manager.exclude(**{column: ""}).order_by("pk")
    yield from rows.values_list("pk", column).iterator(chunk_size=500)
