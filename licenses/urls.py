from django.urls import include, path

from licenses.views.begin import begin
from licenses.views.domains import domains, localhost, remove
from licenses.views.license import detail, license_list

app_name = "licenses"
of_one = [
    path("", detail, name="detail"),
    path("domains/", domains, name="domains"),
    path("domains/<int:rule_id>/remove/", remove, name="remove-domain"),
    path("domains/localhost/", localhost, name="localhost"),
]
urlpatterns = [
    path("begin/", begin, name="begin"),
    path("o/<slug:slug>/licenses/", license_list, name="list"),
    path("o/<slug:slug>/licenses/<str:license_id>/", include(of_one)),
]
