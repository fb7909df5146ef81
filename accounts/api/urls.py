from django.urls import path

from accounts.api import webhooks
from accounts.api.audit import AuditEvents

app_name = "accounts-api"
one = "webhooks/<str:endpoint_id>/"
urlpatterns = [
    path("audit-events/", AuditEvents.as_view(), name="audit-events"),
    path("webhooks/", webhooks.Endpoints.as_view(), name="webhooks"),
    path(one, webhooks.OneEndpoint.as_view(), name="webhook"),
    path(f"{one}rotate-secret/", webhooks.RotateSecret.as_view(), name="rotate-secret"),
    path(f"{one}test/", webhooks.SendTest.as_view(), name="webhook-test"),
    path(f"{one}deliveries/", webhooks.Deliveries.as_view(), name="deliveries"),
    path(f"{one}deliveries/<str:delivery_id>/replay/", webhooks.Replay.as_view(), name="replay"),
]
