from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("config.public_urls")),
    path("", include("accounts.urls")),
    path("", include("widgets.urls")),
    path("", include("licenses.urls")),
    path("api/v1/", include("widgets.api.urls")),
    path("admin/", admin.site.urls),
]
