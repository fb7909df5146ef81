from django.urls import URLPattern, URLResolver, include, path

from licenses.views import branding, customers, deeds, exporting, issuing, keys, license, plans, resellers
from licenses.views.begin import begin
from licenses.views.domains import domains, localhost, remove
from licenses.views.importing import import_file
from licenses.views.pool import pool

app_name = "licenses"
of_one: list[URLPattern] = [
    path("", license.detail, name="detail"),
    path("history/", license.history, name="history"),
    path("domains/", domains, name="domains"),
    path("domains/<int:rule_id>/remove/", remove, name="remove-domain"),
    path("domains/localhost/", localhost, name="localhost"),
    *deeds.urlpatterns,
]
of_licenses: list[URLPattern | URLResolver] = [
    path("", license.license_list, name="list"),
    path("issue/", issuing.issue, name="issue"),
    path("claim/", issuing.claim, name="claim"),
    path("keys/", keys.keys, name="keys"),
    path("keys/file/", keys.keys_file, name="keys-file"),
    path("licences.csv", exporting.licenses_csv, name="licenses-csv"),
    path("usage.csv", exporting.usage_csv, name="usage-csv"),
    path("<str:license_id>/", include(of_one)),
]
of_customers = [
    path("", customers.customers, name="customers"),
    path("new/", customers.customer_new, name="customer-new"),
    path("import/", import_file, name="import"),
    path("customers.csv", exporting.customers_csv, name="customers-csv"),
    path("<str:customer_id>/", customers.customer, name="customer"),
]
of_plans = [
    path("", plans.plans, name="plans"),
    path("new/", plans.plan_new, name="plan-new"),
    path("<str:plan_id>/", plans.plan, name="plan"),
    path("<str:plan_id>/edit/", plans.plan_edit, name="plan-edit"),
]
of_resellers = [
    path("", resellers.resellers, name="resellers"),
    path("new/", resellers.reseller_new, name="reseller-new"),
    path("<str:reseller_id>/", resellers.reseller, name="reseller"),
    path("<str:reseller_id>/pool/", resellers.reseller_pool, name="reseller-pool"),
]
hosts = [
    path("name/", branding.name, name="name-host"),
    path("verify/", branding.verify, name="verify-host"),
    path("remove/", branding.remove, name="remove-host"),
]
urlpatterns = [
    path("o/<slug:slug>/branding/", branding.branding, name="branding"),
    path("o/<slug:slug>/branding/<slug:face>/", include(hosts)),
    path("begin/", begin, name="begin"),
    path("o/<slug:slug>/licenses/", include(of_licenses)),
    path("o/<slug:slug>/customers/", include(of_customers)),
    path("o/<slug:slug>/plans/", include(of_plans)),
    path("o/<slug:slug>/resellers/", include(of_resellers)),
    path("o/<slug:slug>/pool/", pool, name="pool"),
]
