"""Plans with how many licences run under which version."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from licenses.entitlements import Feature, Metric
from licenses.models import LicenseQuerySet, Plan
from licenses.wording import limit_words


@dataclass(frozen=True, slots=True)
class Use:
    """Licences that are not revoked: version → how many."""

    by_version: dict[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_version.values())

    def older(self, version: int) -> int:
        """On a version before this one."""
        return sum(count for used, count in self.by_version.items() if used < version)


def uses(codes: Iterable[str], licenses: LicenseQuerySet) -> dict[str, Use]:
    """Code → use among these licences, in one query."""
    counted: dict[str, dict[int, int]] = defaultdict(dict)
    rows = licenses.holding().filter(plan__code__in=list(codes)).order_by().values_list("plan__code", "plan__version")
    for code, version, count in rows.annotate(count=Count("pk")):
        counted[code][version] = count
    return {code: Use(counted[code]) for code in codes}


def limits_of(plan: Plan) -> list[tuple[str, str]]:
    return [(metric.label, limit_words(plan.limits.get(metric) or 0)) for metric in Metric]


def features_of(plan: Plan) -> list[tuple[str, bool]]:
    return [(feature.label, feature in plan.features) for feature in Feature]
