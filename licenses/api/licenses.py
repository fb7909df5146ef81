from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from licenses.api.base import LicenseView
from licenses.api.errors import answering
from licenses.api.shown import LicenseShown, LicenseWithKey
from licenses.api.taken import LicenseQuery, NewLicense
from licenses.models import LicenseQuerySet
from licenses.reach import licenses_within
from licenses.services import issue_license

_COLUMNS = {
    "customer": "organization__public_id",
    "plan": "plan__code",
    "expires_after": "expires_at__gte",
    "expires_before": "expires_at__lt",
}
_SET = {"assigned": "organization__isnull", "suspended": "suspended_at__isnull", "revoked": "revoked_at__isnull"}


class Licenses(LicenseView):
    @call("List licences", Scope.LICENSES_READ, query=LicenseQuery, gives=LicenseShown)
    def get(self, request: Request) -> Response:
        """A customer's own; those a reseller issued; for the platform all."""
        return self.page(_filtered(licenses_within(self.caller.organization).with_facts(), self.query), LicenseShown)

    @call("Issue a licence", Scope.LICENSES_WRITE, takes=NewLicense, gives=LicenseWithKey, status=201)
    def post(self, request: Request) -> Response:
        """To a customer, or into the pool, from where it is assigned or claimed. Its key is shown this once.

        A reseller issues out of its own pool, and only the plans it was given.
        """
        values = self.body()
        customer, reseller = values.pop("customer", None), values.pop("reseller", None)
        terms: dict[str, Any] = values | {"plan": self.named_plan(values["plan"])}
        if customer is not None:
            terms["organization"] = self.named_customer(customer)
        if reseller is not None:
            terms["issuer"] = self.named_reseller(reseller)
        with answering("expires_at"):
            license = issue_license(actor=self.authority(), **terms)
        return Response(LicenseWithKey(license).data, status=201)


class OneLicense(LicenseView):
    @call("Read a licence", Scope.LICENSES_READ, gives=LicenseShown)
    def get(self, request: Request, license_id: str) -> Response:
        """Its state is derived from its dates and its owners' standing at this moment."""
        return Response(LicenseShown(self.license(license_id)).data)


def _filtered(rows: LicenseQuerySet, query: dict[str, Any]) -> LicenseQuerySet:
    wanted = {column: query[name] for name, column in _COLUMNS.items() if name in query}
    missing = {column: not query[name] for name, column in _SET.items() if name in query}
    return rows.filter(**wanted, **missing)
