from django.urls import path

from n8n_relay.views import history, messages

app_name = "n8n_relay"
urlpatterns = [
    path("messages", messages, name="messages"),
    path("history", history, name="history"),
]
