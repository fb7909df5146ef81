"""Pages on the dashboard's host: the preview's, and those of the widgets that show what is known on this floor only."""

from django.urls import path

from embed.views.overview import hide_checklist, overview
from embed.views.preview_config import preview_config
from embed.views.preview_secrets import preview_secrets
from embed.views.reach import reach_of_domain, reach_of_widgets
from embed.views.trial_chat import trial_chat

app_name = "previews"
_WIDGET = "o/<slug:slug>/widgets/<str:widget_id>/"
urlpatterns = [
    path(f"{_WIDGET}preview-config/", preview_config, name="config"),
    path(f"{_WIDGET}preview-secrets/", preview_secrets, name="secrets"),
    path(f"{_WIDGET}trial/", trial_chat, name="trial"),
]
of_widgets = [
    path("o/<slug:slug>/overview/", overview, name="overview"),
    path("o/<slug:slug>/overview/checklist/", hide_checklist, name="checklist"),
    path("o/<slug:slug>/reach/", reach_of_widgets, name="reach"),
    path("o/<slug:slug>/reach/<int:rule_id>/", reach_of_domain, name="reach-domain"),
]
