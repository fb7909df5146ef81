from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from licenses.api.base import LicenseView
from licenses.api.shown import MeterShown, MetersShown, UsageShown
from licenses.api.taken import UsageQuery
from licenses.entitlements import Metric
from licenses.metering import METERED, resets_at, used_of
from licenses.seen import usage_within

_COLUMNS = {
    "license": "license__public_id",
    "metric": "metric",
    "since": "period_start__gte",
    "until": "period_start__lt",
}


class Usage(LicenseView):
    tag = "Usage"

    @call("List usage", Scope.USAGE_READ, query=UsageQuery, gives=UsageShown)
    def get(self, request: Request) -> Response:
        """What each licence used in each period, newest first. A month is the licence's own, a day is a UTC day."""
        wanted = {column: self.query[name] for name, column in _COLUMNS.items() if name in self.query}
        return self.page(usage_within(self.caller.organization).filter(**wanted), UsageShown, by="period_start")


class LicenseUsage(LicenseView):
    tag = "Usage"

    @call("Read a licence's usage", Scope.USAGE_READ, gives=MetersShown)
    def get(self, request: Request, license_id: str) -> Response:
        """What is in use now, against the limits."""
        license, now = self.license(license_id), timezone.now()
        counts = {Metric.WIDGETS: license.widgets.count(), Metric.DOMAINS: license.domain_rules.count()}
        spent = used_of([license], list(METERED), now)
        counted = counts | {metric: spent[license.pk, metric] for metric in METERED}
        meters = [
            {
                "metric": metric.value,
                "used": used,
                "limit": license.limit(metric),
                "resets_at": resets_at(metric, now, license.anchor_day) if metric in METERED else None,
            }
            for metric, used in counted.items()
        ]
        return Response({"license": license.public_id, "meters": MeterShown(meters, many=True).data})
