"""Everything under /api/v1/."""

from django.urls import include, path

from config.api_views import Docs, Nothing, Schema

urlpatterns = [
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("", include("accounts.api.urls")),
    path("", include("licenses.api.urls")),
    path("", include("widgets.api.urls")),
    path("<path:rest>", Nothing.as_view()),
]
