from django.urls import path

from accounts.views.acting import end
from accounts.views.home import enter, home
from accounts.views.login import ChangePassword, Login, Logout
from accounts.views.sessions import sessions

app_name = "accounts"
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("acting/<str:session_id>/end/", end, name="end-acting"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("sessions/", sessions, name="sessions"),
    path("password/change/", ChangePassword.as_view(), name="password"),
]
