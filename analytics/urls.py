from django.urls import path

from analytics.views.origins import dismiss_origin, seen_origins, sightings
from analytics.views.problems import problems

app_name = "analytics"
_WIDGET = "o/<slug:slug>/widgets/<str:widget_id>/"
_LICENSE = "o/<slug:slug>/licenses/<str:license_id>/"
urlpatterns = [
    path(f"{_WIDGET}problems/", problems, name="problems"),
    path(f"{_WIDGET}sightings/", sightings, name="sightings"),
    path(f"{_LICENSE}seen/", seen_origins, name="seen-origins"),
    path(f"{_LICENSE}seen/<int:origin_id>/dismiss/", dismiss_origin, name="dismiss-origin"),
]
