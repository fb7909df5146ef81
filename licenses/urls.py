from django.urls import include, path

from licenses.views import branding
from licenses.views.domains import domains, localhost, remove
from licenses.views.license import detail, license_list

app_name = "licenses"
of_one = [
    path("", detail, name="detail"),
    path("domains/", domains, name="domains"),
    path("domains/<int:rule_id>/remove/", remove, name="remove-domain"),
    path("domains/localhost/", localhost, name="localhost"),
]
hosts = [
    path("name/", branding.name, name="name-host"),
    path("verify/", branding.verify, name="verify-host"),
    path("remove/", branding.remove, name="remove-host"),
]
urlpatterns = [
    path("o/<slug:slug>/branding/", branding.branding, name="branding"),
    path("o/<slug:slug>/branding/<slug:face>/", include(hosts)),
    path("o/<slug:slug>/licenses/", license_list, name="list"),
    path("o/<slug:slug>/licenses/<str:license_id>/", include(of_one)),
]
