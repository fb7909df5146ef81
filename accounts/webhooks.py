"""Telling other systems what happened, by the Standard Webhooks scheme.

`emit` writes one delivery per endpoint in the transaction of the change itself: what is rolled back is never told, and
what is committed is not lost with a broker. A task sends what is due. Source: https://www.standardwebhooks.com/
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from accounts.events import CHOICES, EVENTS, KINDS, TEST, UnknownEvent
from accounts.models import Organization, User, WebhookDelivery, WebhookEndpoint
from accounts.services import record
from core.crypto import Secret, seal, unseal
from core.outbound import OutboundError, check_url

SECRET_PREFIX: Final = "whsec_"  # noqa: S105
KEPT: Final = timedelta(days=30)
MOST_ENDPOINTS: Final = 20  # of one organization
OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=7)


class InvalidEndpoint(ValueError):
    """The text tells what to write instead; `field` what it is about, where it is one thing."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def create_endpoint(
    *, actor: User | None, organization: Organization, url: str, events: Iterable[str], description: str = ""
) -> tuple[WebhookEndpoint, Secret]:
    """The endpoint and its signing secret, shown now and after `rotate_secret`. Raises InvalidEndpoint."""
    if WebhookEndpoint.objects.for_organization(organization).count() >= MOST_ENDPOINTS:
        raise InvalidEndpoint(f"An organization has at most {MOST_ENDPOINTS} endpoints.")
    endpoint = WebhookEndpoint(
        organization=organization, url=_checked_url(url), events=_checked_events(events), description=description
    )
    secret = _give_secret(endpoint)
    endpoint.save()
    _tell(endpoint, actor, "webhook.created", **_facts(endpoint))
    return endpoint, secret


@transaction.atomic
def edit_endpoint(
    *,
    actor: User | None,
    endpoint: WebhookEndpoint,
    url: str | None = None,
    events: Iterable[str] | None = None,
    description: str | None = None,
) -> WebhookEndpoint:
    """What is None stays. Raises InvalidEndpoint."""
    endpoint = _locked(endpoint)
    before = _facts(endpoint)
    endpoint.url = endpoint.url if url is None else _checked_url(url)
    endpoint.events = endpoint.events if events is None else _checked_events(events)
    endpoint.description = endpoint.description if description is None else description
    endpoint.save(update_fields=["url", "events", "description"])
    _tell(endpoint, actor, "webhook.edited", before=before, after=_facts(endpoint))
    return endpoint


@transaction.atomic
def rotate_secret(
    *, actor: User | None, endpoint: WebhookEndpoint, now: datetime, overlap: timedelta = OVERLAP
) -> Secret:
    """A new secret. The present one signs beside it for `overlap`, at most seven days. Raises InvalidEndpoint."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise InvalidEndpoint("The old secret signs for at most seven days.", "overlap_hours")
    endpoint = _locked(endpoint)
    endpoint.sealed_previous_secret = endpoint.sealed_secret if overlap else ""
    endpoint.previous_secret_until = now + overlap if overlap else None
    secret = _give_secret(endpoint)
    endpoint.save(update_fields=["sealed_secret", "sealed_previous_secret", "previous_secret_until"])
    _tell(endpoint, actor, "webhook.secret_rotated", overlap_seconds=int(overlap.total_seconds()))
    return secret


@transaction.atomic
def set_endpoint_enabled(
    *, actor: User | None, endpoint: WebhookEndpoint, enabled: bool, now: datetime
) -> WebhookEndpoint:
    """Switched on again it starts with a clean record; what was not sent in between can be replayed."""
    endpoint = _locked(endpoint)
    endpoint.disabled_at = None if enabled else now
    endpoint.disabled_reason, endpoint.failing_since = "", None
    endpoint.save(update_fields=["disabled_at", "disabled_reason", "failing_since"])
    _tell(endpoint, actor, "webhook.enabled" if enabled else "webhook.disabled")
    return endpoint


@transaction.atomic
def delete_endpoint(*, actor: User | None, endpoint: WebhookEndpoint) -> None:
    _tell(endpoint, actor, "webhook.deleted")
    endpoint.delete()


def emit(*, organization: Organization, type: str, data: dict[str, Any]) -> list[WebhookDelivery]:
    """Tell the organization's endpoints that want this event. `data` holds plain values, never a secret. Raises
    UnknownEvent."""
    if type not in EVENTS:
        raise UnknownEvent(type)
    mine = WebhookEndpoint.objects.for_organization(organization).filter(disabled_at=None)
    wanting = [endpoint for endpoint in mine if endpoint.wants(type)]
    return _write(organization, wanting, type, data) if wanting else []


@transaction.atomic
def send_test(*, actor: User | None, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """An event to this endpoint alone. Raises InvalidEndpoint while it is off."""
    if endpoint.disabled_at:
        raise InvalidEndpoint("Switch the endpoint on first.")
    _tell(endpoint, actor, "webhook.tested")
    (delivery,) = _write(endpoint.organization, [endpoint], TEST, {"endpoint": endpoint.public_id})
    return delivery


def _write(
    organization: Organization, endpoints: list[WebhookEndpoint], type: str, data: dict[str, Any]
) -> list[WebhookDelivery]:
    now = timezone.now()
    body = json.dumps({"type": type, "timestamp": now.isoformat(), "data": data}, separators=(",", ":"))
    return WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            organization=organization,
            endpoint=endpoint,
            event=type,
            body=body,
            created_at=now,
            next_attempt_at=now,
        )
        for endpoint in endpoints
    )


@transaction.atomic
def replay(*, actor: User | None, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Send it again with its own id, by which the receiver knows it. Raises InvalidEndpoint while that is off."""
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
    if delivery.endpoint.disabled_at:
        raise InvalidEndpoint("Switch the endpoint on first.")
    delivery.status, delivery.attempts, delivery.next_attempt_at = WebhookDelivery.Status.PENDING, 0, now
    delivery.save(update_fields=["status", "attempts", "next_attempt_at"])
    _tell(delivery.endpoint, actor, "webhook.replayed", message=delivery.public_id)
    return delivery


def signed_headers(delivery: WebhookDelivery, secrets: list[Secret], now: datetime) -> dict[str, str]:
    """One signature for each secret: the receiver takes any. It refuses a timestamp more than five minutes off, so
    every attempt has its own."""
    timestamp = str(int(now.timestamp()))
    content = f"{delivery.public_id}.{timestamp}.{delivery.body}".encode()
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery.public_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def open_secrets(endpoint: WebhookEndpoint, now: datetime) -> list[Secret]:
    """The present one, and the one before it during the overlap. Raises core.crypto.UnsealError."""
    overlaps = endpoint.previous_secret_until is not None and now < endpoint.previous_secret_until
    sealed = [endpoint.sealed_secret, *([endpoint.sealed_previous_secret] if overlaps else ())]
    return [unseal(text, context=endpoint.context()) for text in sealed]


def _signature(secret: Secret, content: bytes) -> str:
    key = base64.b64decode(secret.reveal().removeprefix(SECRET_PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()}"


def delete_old(*, now: datetime) -> int:
    return WebhookDelivery.objects.filter(created_at__lte=now - KEPT).delete()[0]


def _give_secret(endpoint: WebhookEndpoint) -> Secret:
    secret = Secret(SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode())
    endpoint.sealed_secret = seal(secret, context=endpoint.context())
    return secret


def _checked_url(url: str) -> str:
    try:
        check_url(url.strip())
    except OutboundError as error:
        raise InvalidEndpoint(str(error), "url") from None
    return url.strip()


def _checked_events(events: Iterable[str]) -> list[str]:
    wanted = sorted(set(events))
    unknown = [event for event in wanted if event not in (*CHOICES, *KINDS)]
    if unknown or not wanted:
        raise InvalidEndpoint("Name events such as license.suspended or widget.*.", "events")
    return wanted


def _facts(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """For the audit log. What follows the host may be a secret."""
    parts = urlsplit(endpoint.url)
    return {"to": f"{parts.scheme}://{parts.netloc}", "events": endpoint.events}


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)


def _tell(endpoint: WebhookEndpoint, actor: User | None, action: str, **details: Any) -> None:
    record(action=action, actor=actor, organization=endpoint.organization, target=endpoint.public_id, **details)
