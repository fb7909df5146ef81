"""What many licences have used of their running periods, in one query."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from licenses.entitlements import Metric
from licenses.metering import period_start
from licenses.models import License, UsageCounter

METERED: Final = (Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH, Metric.MESSAGES_MONTH)
_LONGEST_PERIOD: Final = timedelta(days=32)


def used_by_each(licenses: Collection[License], now: datetime) -> Mapping[int, Mapping[Metric, int]]:
    """License pk → metric → count; all metrics are there."""
    starts = {lic.pk: {metric: period_start(metric, now, lic.anchor_day) for metric in METERED} for lic in licenses}
    found = {pk: dict.fromkeys(METERED, 0) for pk in starts}
    since = now.date() - _LONGEST_PERIOD
    for counter in UsageCounter.objects.filter(license__in=licenses, period_start__gte=since):
        metric = Metric(counter.metric)
        if metric in METERED and starts[counter.license_id][metric] == counter.period_start:
            found[counter.license_id][metric] = counter.used
    return found
