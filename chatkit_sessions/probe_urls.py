"""On the dashboard's host; the paths that visitors call are on theirs."""

from django.urls import path

from chatkit_sessions.probe import labels_for, probe
from widgets.views.probing import probe_view

app_name = "chatkit_probe"
urlpatterns = [
    path("o/<slug:slug>/widgets/<str:widget_id>/test/chatkit/", probe_view("chatkit", probe, labels_for), name="test")
]
