"""The public contract: cookie-less paths, served straight from the ASGI entry point in production (core/lane.py)."""

from django.urls import include, path

urlpatterns = [
    path("", include("embed.urls")),
    path("api/chatkit/", include("chatkit_sessions.urls")),
    path("api/n8n/", include("n8n_relay.urls")),
]
