from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from licenses.api.base import LicenseView
from licenses.api.shown import PlanShown
from licenses.api.taken import PlanQuery
from licenses.seen import plans_seen


class Plans(LicenseView):
    tag = "Plans"

    @call("List plans", Scope.LICENSES_READ, query=PlanQuery, gives=PlanShown)
    def get(self, request: Request) -> Response:
        """Those a reseller may issue, in every version; a customer's are those of its licences."""
        rows = plans_seen(self.caller.organization)
        return self.page(rows.filter(code=self.query["code"]) if "code" in self.query else rows, PlanShown)


class OnePlan(LicenseView):
    tag = "Plans"

    @call("Read a plan", Scope.LICENSES_READ, gives=PlanShown)
    def get(self, request: Request, plan_id: str) -> Response:
        """A plan is never edited once a licence uses it: an edit makes a new version."""
        return Response(PlanShown(get_object_or_404(plans_seen(self.caller.organization), public_id=plan_id)).data)
