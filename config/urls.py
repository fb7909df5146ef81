from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from embed import dashboard_urls
from widgets import urls as widgets_urls

urlpatterns = [
    path("", include("core.urls")),
    path("", include("config.public_urls")),
    path("", include("accounts.urls")),
    # After ours: what is not said there differently is the library's.
    path("", include("allauth.account.urls")),
    path("mfa/", include("allauth.mfa.urls")),
    # One namespace from two floors: pages of the widgets that need to know more are made further up.
    path("", include(([*dashboard_urls.of_widgets, *widgets_urls.urlpatterns], "widgets"))),
    path("", include("licenses.urls")),
    path("", include("analytics.urls")),
    path("", include("embed.dashboard_urls")),
    path("", include("chatkit_sessions.probe_urls")),
    path("", include("n8n_relay.probe_urls")),
    path("api/v1/", include("config.api_urls")),
    # One way in, with one rate limit.
    path("admin/login/", login_not_required(RedirectView.as_view(pattern_name="accounts:login", query_string=True))),
    path("admin/", admin.site.urls),
]
handler403 = "config.errors.forbidden"
handler500 = "config.errors.fault"
