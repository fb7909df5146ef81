"""Bringing what is sealed under an old key under the active one, without opening it."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from django.db import models

from accounts.mfa import rewrap_factors, sealed_in_factors
from accounts.models import WebhookEndpoint
from core.crypto import active_key_id, key_id, rewrap
from widgets.models import Credential, PlannedPublication, Widget, WidgetVersion

# Every column that holds sealed text.
SEALED: tuple[tuple[type[models.Model], str], ...] = (
    (Credential, "sealed"),
    (Widget, "draft_connection"),
    (WidgetVersion, "connection"),
    (WebhookEndpoint, "sealed_secret"),
    (WebhookEndpoint, "sealed_previous_secret"),
    (PlannedPublication, "connection"),
)


def rows_by_key() -> Counter[str]:
    """Key id → how many sealed values stand under it. A key may go from SEALING_KEYS once it is at 0."""
    columns = (sealed for model, column in SEALED for _, sealed in _values(model, column))
    factors = (sealed for _, _, sealed in sealed_in_factors())
    return Counter(map(key_id, chain(columns, factors)))


def rotate() -> int:
    """How many values were rewrapped. Each row is written by itself and only while it still holds what was read, so
    the command may be stopped, run again, and run while people work."""
    active, done = active_key_id(), 0
    for model, column in SEALED:
        for pk, sealed in _values(model, column):
            if key_id(sealed) != active:
                row = model._base_manager.filter(pk=pk, **{column: sealed})
                done += row.update(**{column: rewrap(sealed)})
    return done + rewrap_factors()


def _values(model: type[models.Model], column: str) -> Iterator[tuple[int, str]]:
    rows = model._base_manager.exclude(**{column: ""}).order_by("pk")
    yield from rows.values_list("pk", column).iterator(chunk_size=500)
