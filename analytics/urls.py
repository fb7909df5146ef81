from django.urls import path

from analytics.views import problems

app_name = "analytics"
urlpatterns = [path("o/<slug:slug>/widgets/<str:widget_id>/problems/", problems, name="problems")]
