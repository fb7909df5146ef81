"""Sending webhooks: what is due, all at once, each within a deadline; what fails is tried again over a day."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from asgiref.sync import async_to_sync
from django.db import transaction

from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.services import record
from accounts.webhooks import open_secrets, signed_headers
from core import outbound
from core.crypto import UnsealError
from core.logs import redact

# Between two attempts; with the first one there are eight, the last after a day.
DELAYS: Final = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 14400, 25200, 36000))
ATTEMPTS: Final = len(DELAYS) + 1
DISABLED_AFTER: Final = timedelta(days=3)  # of failures only
_BATCH: Final = 50
_DEADLINE: Final = 10.0  # seconds of one attempt
_LEASE: Final = timedelta(seconds=60)  # a worker that died leaves its batch to the next after this
_MAX_BYTES: Final = 64 * 1024  # of the answer
_EXCERPT: Final = 500  # characters of it, kept for whoever looks for a fault


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int | None
    error: str
    excerpt: str = ""

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver_due(*, now: datetime) -> int:
    """Send what is due, at most a batch; how many were tried."""
    batch = _claim(now)
    for delivery, outcome in zip(batch, async_to_sync(_send_all)(batch, now), strict=True):
        _note(delivery, outcome, now)
    return len(batch)


@transaction.atomic
def _claim(now: datetime) -> list[WebhookDelivery]:
    due = WebhookDelivery.objects.filter(
        status=WebhookDelivery.Status.PENDING, next_attempt_at__lte=now, endpoint__disabled_at=None
    )
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint")
    batch = list(locked.order_by("next_attempt_at")[:_BATCH])
    WebhookDelivery.objects.filter(pk__in=[delivery.pk for delivery in batch]).update(next_attempt_at=now + _LEASE)
    return batch


async def _send_all(batch: list[WebhookDelivery], now: datetime) -> list[Outcome]:
    return await asyncio.gather(*(_send(delivery, now) for delivery in batch))


async def _send(delivery: WebhookDelivery, now: datetime) -> Outcome:
    try:
        response = await outbound.send(
            outbound.guarded(),
            "POST",
            delivery.endpoint.url,
            headers=signed_headers(delivery, open_secrets(delivery.endpoint, now), now),
            content=delivery.body.encode(),
            deadline=_DEADLINE,
            max_bytes=_MAX_BYTES,
        )
    except outbound.OutboundError as error:
        return Outcome(None, str(error))
    except UnsealError:
        return Outcome(None, "The signing secret cannot be opened. Rotate it.")
    problem = "" if response.status < 300 else f"It answered {response.status}."
    return Outcome(response.status, problem, _excerpt(response.body))


def _excerpt(body: bytes) -> str:
    text = body[: _EXCERPT * 4].decode(errors="replace").replace("\0", "")
    return redact(text)[:_EXCERPT]


@transaction.atomic
def _note(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=delivery.endpoint_id).first()
    if endpoint is None:  # deleted meanwhile, its deliveries with it
        return
    delivery.attempts += 1
    delivery.response_status, delivery.error = outcome.status, outcome.error[:200]
    delivery.response_excerpt = outcome.excerpt
    if outcome.ok:
        delivery.status, delivery.delivered_at = WebhookDelivery.Status.DELIVERED, now
    elif delivery.attempts >= ATTEMPTS:
        delivery.status = WebhookDelivery.Status.FAILED
    else:
        delivery.next_attempt_at = now + DELAYS[delivery.attempts - 1]
    delivery.save(
        update_fields=[
            *("attempts", "response_status", "response_excerpt", "error"),
            *("status", "delivered_at", "next_attempt_at"),
        ]
    )
    _note_health(endpoint, outcome, now)


def _note_health(endpoint: WebhookEndpoint, outcome: Outcome, now: datetime) -> None:
    if outcome.ok:
        endpoint.failing_since = None
    elif endpoint.failing_since is None:
        endpoint.failing_since = now
    elif now - endpoint.failing_since >= DISABLED_AFTER and endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_reason = now, "It failed for three days."
        record(
            action="webhook.auto_disabled",
            actor=None,
            organization=endpoint.organization,
            target=endpoint.public_id,
            error=outcome.error,
        )
    endpoint.save(update_fields=["failing_since", "disabled_at", "disabled_reason"])
