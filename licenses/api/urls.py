from django.urls import path

from licenses.api import deeds
from licenses.api.customers import Customers, OneCustomer
from licenses.api.domains import Domains, LocalhostAllowed, OneDomain
from licenses.api.licenses import Licenses, OneLicense
from licenses.api.overrides import LicenseOverrides
from licenses.api.plans import OnePlan, Plans
from licenses.api.usage import LicenseUsage, Usage
from licenses.api.validate import Validate

app_name = "licenses-api"
one = "licenses/<str:license_id>/"
urlpatterns = [
    path("customers/", Customers.as_view(), name="customers"),
    path("customers/<str:customer_id>/", OneCustomer.as_view(), name="customer"),
    path("plans/", Plans.as_view(), name="plans"),
    path("plans/<str:plan_id>/", OnePlan.as_view(), name="plan"),
    path("usage/", Usage.as_view(), name="usage"),
    path("licenses/", Licenses.as_view(), name="licenses"),
    path("licenses/validate", Validate.as_view(), name="validate"),
    path("licenses/claim/", deeds.ClaimLicense.as_view(), name="claim"),
    path(one, OneLicense.as_view(), name="license"),
    path(f"{one}assign/", deeds.Assign.as_view(), name="assign"),
    path(f"{one}suspend/", deeds.Suspend.as_view(), name="suspend"),
    path(f"{one}reinstate/", deeds.Reinstate.as_view(), name="reinstate"),
    path(f"{one}revoke/", deeds.Revoke.as_view(), name="revoke"),
    path(f"{one}renew/", deeds.Renew.as_view(), name="renew"),
    path(f"{one}extend/", deeds.Extend.as_view(), name="extend"),
    path(f"{one}change-plan/", deeds.ChangePlan.as_view(), name="change-plan"),
    path(f"{one}transfer/", deeds.Transfer.as_view(), name="transfer"),
    path(f"{one}rotate-key/", deeds.RotateKey.as_view(), name="rotate-key"),
    path(f"{one}overrides/", LicenseOverrides.as_view(), name="overrides"),
    path(f"{one}usage/", LicenseUsage.as_view(), name="license-usage"),
    path(f"{one}domains/", Domains.as_view(), name="domains"),
    path(f"{one}domains/<str:domain>/", OneDomain.as_view(), name="domain"),
    path(f"{one}localhost/", LocalhostAllowed.as_view(), name="localhost"),
]
