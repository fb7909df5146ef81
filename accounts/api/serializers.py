"""What the API takes and shows of webhooks and of the audit log."""

from typing import Any

from rest_framework import serializers

from accounts.api.calls import PageQuery, Shown, Strict
from accounts.events import EVENTS
from accounts.models import WebhookDelivery

_ENDPOINT = {
    "id": "whe_5TxY0wGqVbJ8rLmNcKdZ2a",
    "url": "https://hooks.example.com/chatdock",
    "events": ["license.*", "widget.published"],
    "description": "Billing",
    "enabled": True,
    "disabled_reason": "",
    "failing_since": None,
    "previous_secret_until": None,
    "created_at": "2026-11-20T12:00:00Z",
}
_WANTED = "Events by name, or all of a kind: " + ", ".join(sorted({f"{name.split('.')[0]}.*" for name in EVENTS})) + "."


class EndpointShown(Shown):
    example = _ENDPOINT

    id = serializers.CharField(source="public_id")
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField()
    enabled = serializers.SerializerMethodField()
    disabled_reason = serializers.CharField()
    failing_since = serializers.DateTimeField(allow_null=True, help_text="The first failure after the last success.")
    previous_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the secret before this one signs too."
    )
    created_at = serializers.DateTimeField()

    def get_enabled(self, endpoint: Any) -> bool:
        return endpoint.disabled_at is None


class EndpointWithSecret(EndpointShown):
    example = _ENDPOINT | {"secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}

    secret = serializers.CharField(help_text="Shown this once. With it you check signatures.")


class NewEndpoint(Strict):
    example = {"url": "https://hooks.example.com/chatdock", "events": ["license.*"], "description": "Billing"}

    url = serializers.CharField(max_length=500, help_text="https only, and reachable from the internet.")
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=100, help_text=_WANTED
    )
    description = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class EndpointChange(Strict):
    example = {"events": ["license.*", "widget.*"], "enabled": True}

    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=100, required=False, help_text=_WANTED
    )
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    enabled = serializers.BooleanField(required=False)


class Rotation(Strict):
    example = {"overlap_hours": 24}

    overlap_hours = serializers.IntegerField(
        min_value=0, max_value=168, default=24, help_text="How long the present secret signs beside the new one."
    )


class DeliveryShown(Shown):
    example = {
        "id": "msg_5TxY0wGqVbJ8rLmNcKdZ2a",
        "event": "license.suspended",
        "status": "delivered",
        "attempts": 1,
        "next_attempt_at": None,
        "response_status": 204,
        "response_excerpt": "",
        "error": "",
        "body": EVENTS["license.suspended"].body(),
        "created_at": "2026-11-20T12:00:00Z",
        "delivered_at": "2026-11-20T12:00:01Z",
    }

    id = serializers.CharField(source="public_id")
    event = serializers.CharField()
    status = serializers.ChoiceField(WebhookDelivery.Status.choices)
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.SerializerMethodField()
    response_status = serializers.IntegerField(allow_null=True)
    response_excerpt = serializers.CharField()
    error = serializers.CharField()
    body = serializers.CharField(help_text="Exactly as it is signed and sent.")
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)

    def get_next_attempt_at(self, delivery: Any) -> str | None:
        waits = delivery.status == WebhookDelivery.Status.PENDING
        return delivery.next_attempt_at.isoformat() if waits else None


class DeliveryQuery(PageQuery):
    status = serializers.ChoiceField(WebhookDelivery.Status.choices, required=False, help_text="How it stands.")
    event = serializers.ChoiceField([(name, name) for name in EVENTS], required=False, help_text="Only this event.")


class AuditEventShown(Shown):
    example = {
        "at": "2026-11-20T12:00:00Z",
        "action": "license.suspended",
        "actor": "alice@example.com",
        "target": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
        "details": {"level": "reseller", "reason": "An invoice is open"},
        "request_id": "7f3c0d1e9a5b4c6d8e2f",
    }

    at = serializers.DateTimeField()
    action = serializers.CharField()
    actor = serializers.CharField(source="actor.email", allow_null=True, help_text="null: the system.")
    target = serializers.CharField(help_text="The id of what it was done to.")
    details = serializers.DictField()
    request_id = serializers.CharField(help_text="The X-Request-ID of the answer to the call that did it.")


class AuditQuery(PageQuery):
    action = serializers.CharField(max_length=60, required=False, help_text="Such as `license.suspended`.")
    target = serializers.CharField(max_length=64, required=False, help_text="The id of what it was done to.")
    since = serializers.DateTimeField(required=False, help_text="From this moment on.")
    until = serializers.DateTimeField(required=False, help_text="Before this moment.")
