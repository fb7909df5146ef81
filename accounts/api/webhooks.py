"""REST for webhooks: endpoints, their secrets, and what was sent to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import webhooks
from accounts.api.base import ApiView
from accounts.api.calls import PageQuery, call
from accounts.api.serializers import (
    DeliveryQuery,
    DeliveryShown,
    EndpointChange,
    EndpointShown,
    EndpointWithSecret,
    NewEndpoint,
    Rotation,
)
from accounts.apitokens import Scope
from accounts.models import WebhookDelivery, WebhookEndpoint
from core.api import Conflict
from core.crypto import Secret

READ, WRITE = Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE


class WebhookView(ApiView):
    tag = "Webhooks"

    def endpoint(self, endpoint_id: str, *, lock: bool = False) -> WebhookEndpoint:
        own = WebhookEndpoint.objects.for_organization(self.caller.organization)
        rows = own.select_for_update(of=("self",)) if lock else own
        return get_object_or_404(rows.select_related("organization"), public_id=endpoint_id)

    def delivery(self, endpoint_id: str, delivery_id: str) -> WebhookDelivery:
        own = WebhookDelivery.objects.for_organization(self.caller.organization)
        return get_object_or_404(own, endpoint__public_id=endpoint_id, public_id=delivery_id)


class Endpoints(WebhookView):
    @call("List endpoints", READ, query=PageQuery, gives=EndpointShown)
    def get(self, request: Request) -> Response:
        """Where your organization wants to be told what happened."""
        return self.page(WebhookEndpoint.objects.for_organization(self.caller.organization), EndpointShown)

    @call("Create an endpoint", WRITE, takes=NewEndpoint, gives=EndpointWithSecret, status=201)
    def post(self, request: Request) -> Response:
        """From then on it gets the events it names, each as a signed POST. Its secret is shown this once."""
        with answering("url"):
            endpoint, secret = webhooks.create_endpoint(
                actor=self.caller.actor, organization=self.caller.organization, **self.body()
            )
        return _with_secret(endpoint, secret, 201)


class OneEndpoint(WebhookView):
    @call("Read an endpoint", READ, gives=EndpointShown)
    def get(self, request: Request, endpoint_id: str) -> Response:
        """Its ETag is what a change must name."""
        return Response(EndpointShown(self.endpoint(endpoint_id)).data)

    @call("Change an endpoint", WRITE, takes=EndpointChange, gives=EndpointShown, matches=True)
    @transaction.atomic
    def patch(self, request: Request, endpoint_id: str) -> Response:
        """What is not named stays. Switched on again, it starts with a clean record."""
        endpoint, values, actor = self.endpoint(endpoint_id, lock=True), self.body(), self.caller.actor
        self.require_match(EndpointShown(endpoint).data)
        enabled = values.pop("enabled", None)
        with answering("url"):
            if values:
                endpoint = webhooks.edit_endpoint(actor=actor, endpoint=endpoint, **values)
        if enabled not in (None, endpoint.disabled_at is None):
            endpoint = webhooks.set_endpoint_enabled(
                actor=actor, endpoint=endpoint, enabled=bool(enabled), now=timezone.now()
            )
        return Response(EndpointShown(endpoint).data)

    @call("Delete an endpoint", WRITE, status=204)
    def delete(self, request: Request, endpoint_id: str) -> Response:
        """With its log. What still waits for it is not sent."""
        webhooks.delete_endpoint(actor=self.caller.actor, endpoint=self.endpoint(endpoint_id))
        return Response(status=204)


class RotateSecret(WebhookView):
    @call("Rotate the secret", WRITE, takes=Rotation, gives=EndpointWithSecret)
    def post(self, request: Request, endpoint_id: str) -> Response:
        """A new secret, shown this once. During the overlap both sign every event, so that you can change over."""
        endpoint = self.endpoint(endpoint_id)
        overlap = timedelta(hours=self.body()["overlap_hours"])
        secret = webhooks.rotate_secret(actor=self.caller.actor, endpoint=endpoint, now=timezone.now(), overlap=overlap)
        return _with_secret(self.endpoint(endpoint_id), secret, 200)


class SendTest(WebhookView):
    @call("Send a test event", WRITE, gives=DeliveryShown, status=201, refuses={409: "The endpoint is switched off."})
    def post(self, request: Request, endpoint_id: str) -> Response:
        """`webhook.test`, to this endpoint alone. It goes out within seconds; the delivery tells how it went."""
        with answering():
            delivery = webhooks.send_test(actor=self.caller.actor, endpoint=self.endpoint(endpoint_id))
        return Response(DeliveryShown(delivery).data, status=201)


class Deliveries(WebhookView):
    @call("List deliveries", READ, query=DeliveryQuery, gives=DeliveryShown)
    def get(self, request: Request, endpoint_id: str) -> Response:
        """What was sent to this endpoint in the last 30 days, newest first, and how it went."""
        wanted = {name: self.query[name] for name in ("status", "event") if name in self.query}
        rows = WebhookDelivery.objects.for_organization(self.caller.organization)
        return self.page(rows.filter(endpoint=self.endpoint(endpoint_id), **wanted), DeliveryShown)


class Replay(WebhookView):
    @call("Replay a delivery", WRITE, gives=DeliveryShown, refuses={409: "The endpoint is switched off."})
    def post(self, request: Request, endpoint_id: str, delivery_id: str) -> Response:
        """Sends it again with its own id, by which you can tell that you had it before."""
        delivery = self.delivery(endpoint_id, delivery_id)
        with answering():
            replayed = webhooks.replay(actor=self.caller.actor, delivery=delivery, now=timezone.now())
        return Response(DeliveryShown(replayed).data)


@contextmanager
def answering(field: str | None = None) -> Iterator[None]:
    """`field`: which one InvalidEndpoint is about, where the service names none; without, a state forbids it."""
    try:
        yield
    except webhooks.InvalidEndpoint as error:
        if field is None:
            raise Conflict(str(error), "not_allowed") from None
        raise ValidationError({error.field or field: [str(error)]}) from None


def _with_secret(endpoint: WebhookEndpoint, secret: Secret, status: int) -> Response:
    data: dict[str, Any] = {**EndpointShown(endpoint).data, "secret": secret.reveal()}
    return Response(data, status=status)
