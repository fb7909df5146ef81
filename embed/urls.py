from django.urls import path

from embed.views.assets import asset
from embed.views.events import events
from embed.views.frame import frame
from embed.views.loader import loader
from embed.views.preview import trial_page
from embed.views.preview_host import preview_host
from embed.views.shared import shared

app_name = "embed"
urlpatterns = [
    path("api/widget/<str:license_id>/chat-widget.js", loader, name="loader"),
    path("widget/preview", preview_host, name="preview-host"),
    path("widget/trial", trial_page, name="trial"),
    path("widget/shared/<str:token>", shared, name="shared"),
    path("widget/<str:widget_type>/<str:license_id>", frame, name="frame"),
    path("embed/<str:name>", asset, name="asset"),
    path("api/events", events, name="events"),
]
