from django.urls import path

from chatkit_sessions.views.backend import backend
from chatkit_sessions.views.create_session import create_session

app_name = "chatkit_sessions"
urlpatterns = [
    path("create-session", create_session, name="create-session"),
    path("backend", backend, name="backend"),
]
