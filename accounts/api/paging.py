"""Pages by cursor: rows that come or go meanwhile are neither shown twice nor missed."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from rest_framework.exceptions import ValidationError

from core.crypto import UnsealError, seal, unseal

Row = TypeVar("Row", bound=models.Model)


def page_of(
    rows: "models.QuerySet[Row]", query: Mapping[str, Any], *, by: str, place: str
) -> tuple[list[Row], str | None]:
    """(the rows, the cursor of the next page), newest first by the column `by`. Raises ValidationError.

    A cursor is sealed: it holds row numbers, and is good for its `place` alone.
    """
    context, limit = f"cursor|{place}", query["limit"]
    rows = rows.order_by(f"-{by}", "-pk")
    if cursor := query.get("cursor"):
        value, pk = _open(cursor, context)
        rows = rows.filter(Q(**{f"{by}__lt": value}) | Q(**{by: value, "pk__lt": pk}))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], seal(json.dumps([getattr(last, by).isoformat(), last.pk]), context=context)


def _open(cursor: str, context: str) -> tuple[str, int]:
    try:
        value, pk = json.loads(unseal(cursor, context=context).reveal())
    except UnsealError:
        raise ValidationError({"cursor": ["This is not a cursor of this list. Begin without one."]}) from None
    return value, pk
