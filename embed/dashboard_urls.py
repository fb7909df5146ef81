"""The preview's one page on the dashboard's host."""

from django.urls import path

from embed.views.preview_config import preview_config

app_name = "previews"
urlpatterns = [path("o/<slug:slug>/widgets/<str:widget_id>/preview-config/", preview_config, name="config")]
