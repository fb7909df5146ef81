"""On the dashboard's host; the relay's own paths are on the visitors'."""

from django.urls import path

from n8n_relay.probe import labels_for, probe
from widgets.views.probing import probe_view

app_name = "n8n_probe"
urlpatterns = [
    path("o/<slug:slug>/widgets/<str:widget_id>/test/n8n/", probe_view("n8n", probe, labels_for), name="test")
]
