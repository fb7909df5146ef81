from django.urls import path

from widgets.api.views import OneCredential, OneWidget, Publish, TestConnection, Unpublish, Widgets, WidgetTypes

app_name = "api"
urlpatterns = [
    path("widget-types/", WidgetTypes.as_view(), name="widget-types"),
    path("widgets/", Widgets.as_view(), name="widgets"),
    path("widgets/<str:widget_id>/", OneWidget.as_view(), name="widget"),
    path("widgets/<str:widget_id>/credentials/<str:kind>/", OneCredential.as_view(), name="credential"),
    path("widgets/<str:widget_id>/publish/", Publish.as_view(), name="publish"),
    path("widgets/<str:widget_id>/test/", TestConnection.as_view(), name="test"),
    path("widgets/<str:widget_id>/unpublish/", Unpublish.as_view(), name="unpublish"),
]
