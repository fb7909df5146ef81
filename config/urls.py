from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("core.urls")),
    path("", include("config.public_urls")),
    path("", include("accounts.urls")),
    path("", include("widgets.urls")),
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
handler500 = "config.errors.fault"
