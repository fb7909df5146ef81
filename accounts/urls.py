from django.urls import path

from accounts.views.acting import end
from accounts.views.brand import colours, hostname_allowed, logo
from accounts.views.grants import act, grants, received, revoke
from accounts.views.home import enter, home
from accounts.views.login import ChangePassword, Login, Logout
from accounts.views.palette import search
from accounts.views.sessions import sessions

app_name = "accounts"
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("o/<slug:slug>/access/", grants, name="grants"),
    path("o/<slug:slug>/access/received/", received, name="received"),
    path("o/<slug:slug>/access/for/<str:customer_id>/", act, name="act"),
    path("o/<slug:slug>/access/<str:grant_id>/revoke/", revoke, name="revoke-grant"),
    path("acting/<str:session_id>/end/", end, name="end-acting"),
    path("brand/logo/<slug:digest>.png", logo, name="brand-logo"),
    path("brand/colours/<str:name>.css", colours, name="brand-colours"),
    path("internal/hostname-allowed", hostname_allowed, name="hostname-allowed"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("sessions/", sessions, name="sessions"),
    path("password/change/", ChangePassword.as_view(), name="password"),
    path("search/", search, name="search"),
]
