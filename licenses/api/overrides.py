from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from licenses.api.base import LicenseView
from licenses.api.errors import answering
from licenses.api.shown import OverridesShown
from licenses.api.taken import Overrides
from licenses.models import License
from licenses.pool import lock_account
from licenses.services import lock_license, set_grace, set_overrides


class LicenseOverrides(LicenseView):
    @call("Read the overrides", Scope.LICENSES_READ, gives=OverridesShown)
    def get(self, request: Request, license_id: str) -> Response:
        """Where the licence differs from its plan. Its ETag is what a change must name."""
        return Response(OverridesShown(self.license(license_id)).data)

    @call(
        "Change the overrides",
        Scope.LICENSES_WRITE,
        takes=Overrides,
        gives=OverridesShown,
        matches=True,
        refuses={409: "More is in use than the new limits allow; `force` does it all the same."},
    )
    @transaction.atomic
    def patch(self, request: Request, license_id: str) -> Response:
        """Replaces each part that is named. A reseller gives more than the plan only of what its pool bounds."""
        license, values = self._locked(license_id), self.body()
        self.require_match(OverridesShown(license).data)
        authority = self.authority()
        with answering():
            if "grace_days" in values:
                license = set_grace(actor=authority, license=license, days=values.pop("grace_days"))
            if set(values) - {"force"}:
                license = set_overrides(actor=authority, license=license, **values)
        return Response(OverridesShown(license).data)

    def _locked(self, license_id: str) -> License:
        """After its pool, as everywhere: in the other order two changes would wait for each other."""
        license = self.license(license_id)
        if license.issuer:
            lock_account(license.issuer)
        return lock_license(license)
