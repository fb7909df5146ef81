from django.urls import path, register_converter
from django.urls.converters import IntConverter

from widgets.api.versions import OneVersion, Publish, Restore, Unpublish, Versions
from widgets.api.views import OneCredential, OneWidget, TestConnection, Widgets, WidgetTypes


class VersionNumber(IntConverter):
    """What a column can hold."""

    regex = "[0-9]{1,9}"


register_converter(VersionNumber, "number")
app_name = "api"
one = "widgets/<str:widget_id>/"
urlpatterns = [
    path("widget-types/", WidgetTypes.as_view(), name="widget-types"),
    path("widgets/", Widgets.as_view(), name="widgets"),
    path(one, OneWidget.as_view(), name="widget"),
    path(f"{one}credentials/<str:kind>/", OneCredential.as_view(), name="credential"),
    path(f"{one}publish/", Publish.as_view(), name="publish"),
    path(f"{one}unpublish/", Unpublish.as_view(), name="unpublish"),
    path(f"{one}versions/", Versions.as_view(), name="versions"),
    path(f"{one}versions/<number:number>/", OneVersion.as_view(), name="version"),
    path(f"{one}versions/<number:number>/restore/", Restore.as_view(), name="restore"),
    path(f"{one}test/", TestConnection.as_view(), name="test"),
]
