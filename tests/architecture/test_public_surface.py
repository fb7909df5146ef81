"""Every page needs a login, except these. A new open page is added here on purpose."""

from django.conf import settings
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny

API = "api/v1/"
OPEN = {
    "healthz",
    "readyz",
    "admin/login/",
    "login/",
    "brand/logo/<slug:digest>.png",
    "brand/colours/<str:name>.css",
    "internal/hostname-allowed",  # the proxy asks
    "theme/",
    # Into an account: signing up, confirming an address, a new password, a second factor
    "logout/",  # also from halfway in
    "signup/",
    "invitations/<str:token>/",
    "inactive/",
    "confirm-email/",
    r"^confirm-email/(?P<key>[-:\w]+)/$",
    "password/reset/",
    "password/reset/done/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "password/reset/key/done/",
    "login/code/confirm/",  # leads to the login: there are no codes
    "mfa/authenticate/",
    "mfa/webauthn/login/",
    # The public contract: a page token, a visitor token or nothing at all
    "api/widget/<str:license_id>/chat-widget.js",
    "widget/<str:widget_type>/<str:license_id>",
    "widget/preview",  # a preview token
    "widget/trial",  # a preview token, and one of what is typed
    "widget/shared/<str:token>",  # a signed link
    "embed/<str:name>",
    "api/events",
    "api/chatkit/create-session",
    "api/chatkit/backend",
    "api/n8n/messages",
    "api/n8n/history",
}
OPEN_API = {"api/v1/schema/", "api/v1/docs/"}


def test_login_is_the_rule():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_open_pages_are_the_listed_ones():
    found = {
        route
        for route, view in _views(get_resolver())
        if not getattr(view, "login_required", True) and not route.startswith(API)
    }
    assert found == OPEN


def test_open_api_calls_are_the_listed_ones():
    """The middleware leaves REST views alone; their permissions close them."""
    found = {route for route, view in _views(get_resolver()) if route.startswith(API) and not _is_guarded(view)}
    assert found == OPEN_API


def _is_guarded(view):
    permissions = getattr(getattr(view, "cls", None), "permission_classes", [])
    return getattr(view, "login_required", True) or (bool(permissions) and AllowAny not in permissions)


def _views(resolver, prefix=""):
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from _views(entry, route)
