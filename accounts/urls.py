from django.urls import include, path

from accounts.views import tokens, webhooks
from accounts.views.home import enter, home
from accounts.views.login import ChangePassword, Login, Logout

app_name = "accounts"
of_endpoint = [
    path("", webhooks.endpoint, name="webhook"),
    path("rotate/", webhooks.rotate, name="rotate-webhook"),
    path("switch/", webhooks.switch, name="switch-webhook"),
    path("delete/", webhooks.delete, name="delete-webhook"),
    path("test/", webhooks.test, name="test-webhook"),
    path("deliveries/<str:delivery_id>/replay/", webhooks.replay, name="replay-delivery"),
]
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("o/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/tokens/<str:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("o/<slug:slug>/webhooks/", webhooks.endpoints, name="webhooks"),
    path("o/<slug:slug>/webhooks/<str:endpoint_id>/", include(of_endpoint)),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("password/", ChangePassword.as_view(), name="password"),
]
