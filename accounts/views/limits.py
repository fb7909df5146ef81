from django.conf import settings

from core.ratelimit import Limit, hit_sync


def too_many(name: str, who: object) -> bool:
    """Whether `who` has used up this limit of settings.RATE_LIMITS; else one more counts."""
    events, seconds = settings.RATE_LIMITS[name]
    return hit_sync([Limit(f"{name}:{who}", events, seconds)]) is not None
