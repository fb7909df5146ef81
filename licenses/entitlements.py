"""The closed lists of what a plan limits and grants."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

UNLIMITED = -1


class Metric(StrEnum):
    """In the order in which people read them."""

    WIDGETS = "widgets"
    DOMAINS = "domains"
    WILDCARD_DOMAINS = "wildcard_domains"  # of the domains, how many may be wildcards
    SESSIONS_DAY = "sessions_day"
    SESSIONS_MONTH = "sessions_month"
    CONCURRENT_SESSIONS = "concurrent_sessions"  # begun within VISITOR_SESSION_SECONDS, whether they still write or not
    MESSAGES_MONTH = "messages_month"
    MEMBERS = "members"
    UPLOAD_MB = "upload_mb"
    ANALYTICS_DAYS = "analytics_days"  # how far back the charts go

    @property
    def label(self) -> str:
        return _METRIC_LABELS[self]


class Feature(StrEnum):
    N8N = "n8n"
    CHATKIT = "chatkit"
    CUSTOM_BACKEND = "custom_backend"
    FILE_UPLOAD = "file_upload"
    IDENTIFIED_USERS = "identified_users"
    REMOVE_BRANDING = "remove_branding"
    API = "api"

    @property
    def label(self) -> str:
        return _LABELS[self]


class LimitReached(Exception):
    """`name` is a Metric's, or that of something a reseller's pool counts."""

    of = "plan"

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"The {self.of} allows {limit} {name.replace('_', ' ')}.")
        self.name, self.limit = name, limit


class PoolExceeded(LimitReached):
    """Not the licence is full but its reseller's pool."""

    of = "reseller's pool"


class InvalidTerms(ValueError):
    """Limits or features that are not on the closed lists; the text names them."""


def clean_limits(limits: Mapping[str, object]) -> dict[str, int | None]:
    """Metric → whole number ≥ 0, -1 for unlimited, None to inherit. Raises InvalidTerms."""
    wrong = [name for name, value in limits.items() if name not in set(Metric) or not _is_limit(value)]
    if wrong:
        raise InvalidTerms(f"Not a limit: {', '.join(sorted(wrong))}. Write -1 for unlimited, 0 for none.")
    return {str(Metric(name)): value for name, value in limits.items()}  # type: ignore[misc]  # _is_limit saw to it


def clean_features(features: Iterable[str]) -> list[str]:
    """Sorted, each once. Raises InvalidTerms."""
    wanted = {str(feature) for feature in features}
    unknown = wanted - set(Feature)
    if unknown:
        raise InvalidTerms(f"Not a feature: {', '.join(sorted(unknown))}.")
    return sorted(wanted)


def fits(count: int, limit: int) -> bool:
    """Whether so many are within the limit. A count of -1 is unlimited itself."""
    return limit == UNLIMITED or (count != UNLIMITED and count <= limit)


def _is_limit(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= UNLIMITED)


_METRIC_LABELS = {
    Metric.WIDGETS: "Widgets",
    Metric.DOMAINS: "Domains",
    Metric.WILDCARD_DOMAINS: "Wildcard domains",
    Metric.SESSIONS_DAY: "Chats a day",
    Metric.SESSIONS_MONTH: "Chats a month",
    Metric.CONCURRENT_SESSIONS: "Visitors within the session window",
    Metric.MESSAGES_MONTH: "n8n messages a month",
    Metric.MEMBERS: "People",
    Metric.UPLOAD_MB: "Upload in one message (MB)",
    Metric.ANALYTICS_DAYS: "Days the charts go back",
}
_LABELS = {
    Feature.N8N: "n8n widgets",
    Feature.CHATKIT: "ChatKit widgets",
    Feature.CUSTOM_BACKEND: "ChatKit server of your own",
    Feature.FILE_UPLOAD: "File upload",
    Feature.IDENTIFIED_USERS: "Identified visitors",
    Feature.REMOVE_BRANDING: "Branding removal",
    Feature.API: "REST API",
}


class Pool(BaseModel):
    """What a reseller may hand out in all: -1 unlimited, 0 none; what is not named is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    customers: int = Field(0, ge=-1)
    licenses: int = Field(0, ge=-1)
    widgets: int = Field(0, ge=-1)
    domains: int = Field(0, ge=-1)
    sessions_month: int = Field(0, ge=-1)
