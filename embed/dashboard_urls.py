"""What the visitors' floor shows on the dashboard's host."""

from django.urls import path

from embed.views.impact import impact
from embed.views.preview_config import preview_config
from embed.views.trial_chat import trial_chat

app_name = "previews"
_WIDGET = "o/<slug:slug>/widgets/<str:widget_id>/"
urlpatterns = [
    path(f"{_WIDGET}preview-config/", preview_config, name="config"),
    path(f"{_WIDGET}trial/", trial_chat, name="trial"),
    path(f"{_WIDGET}impact/", impact, name="impact"),
]
