from django.urls import path

from accounts.views.home import enter, home
from accounts.views.login import ChangePassword, Login, Logout
from accounts.views.palette import search

app_name = "accounts"
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("search/", search, name="search"),
    path("password/", ChangePassword.as_view(), name="password"),
]
