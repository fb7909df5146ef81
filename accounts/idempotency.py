"""Idempotency-Key: the same call twice is done once.

The row is committed before the deed, outside of its transaction, so that a second call at the same time sees it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.models import IdempotentAnswer, Organization
from core.crypto import seal, unseal
from core.digests import digest

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
ABANDONED: Final = timedelta(minutes=5)  # a process that died in the middle


class KeyReused(Exception):
    """The key was used for another body: 422."""


class InProgress(Exception):
    """The same call is being done right now: 409."""


@dataclass(frozen=True, slots=True)
class Stored:
    status: int
    body: Any


def begin(
    *, organization: Organization, endpoint: str, key: str, body: bytes, now: datetime
) -> IdempotentAnswer | Stored:
    """A row to `finish` or `give_up`, or the answer that was given before. Raises KeyReused, InProgress.

    `endpoint` is method and path, ids included. Not to be called inside a transaction.
    """
    wanted = {"organization": organization, "endpoint": endpoint, "key": key}
    request_digest = digest("idempotency", body.hex())
    IdempotentAnswer.objects.filter(**wanted, created_at__lte=now - KEPT).delete()
    abandoned = IdempotentAnswer.objects.filter(**wanted, status=None, created_at__lte=now - ABANDONED)
    abandoned.delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(**wanted, request_digest=request_digest, created_at=now)
    except IntegrityError:
        return _former(IdempotentAnswer.objects.filter(**wanted).first(), request_digest)


def finish(row: IdempotentAnswer, *, status: int, body: Any) -> None:
    """Keep the answer, if asking again would give the same: not a fault of ours, not "later"."""
    if status >= 500 or status in (409, 429):
        give_up(row)
        return
    sealed = seal(json.dumps(body), context=_context(row))
    IdempotentAnswer.objects.filter(pk=row.pk).update(status=status, sealed_answer=sealed)


def give_up(row: IdempotentAnswer) -> None:
    """The deed was not done: the same call may try again."""
    IdempotentAnswer.objects.filter(pk=row.pk).delete()


def delete_old(*, now: datetime) -> int:
    return IdempotentAnswer.objects.filter(created_at__lte=now - KEPT).delete()[0]


def _former(row: IdempotentAnswer | None, request_digest: str) -> Stored:
    if row is None:  # given up in this very moment
        raise InProgress
    if row.request_digest != request_digest:
        raise KeyReused
    if row.status is None:
        raise InProgress
    return Stored(row.status, json.loads(unseal(row.sealed_answer, context=_context(row)).reveal()))


def _context(row: IdempotentAnswer) -> str:
    return f"idempotency|{row.organization_id}|{row.pk}"
