"""What services raise, as answers of the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import NotFound, ValidationError

from core.api import Conflict, Refused
from licenses.services import (
    InvalidReference,
    InvalidTerms,
    LimitReached,
    NotAllowed,
    OverLimits,
    PlanNotAllowed,
    PoolExceeded,
    UnknownKey,
)


class OverLimitsConflict(Conflict):
    """With the numbers, metric by metric."""

    def __init__(self, error: OverLimits) -> None:
        super().__init__(str(error), "over_limits")
        self.fields = {metric.value: {"used": used, "limit": limit} for metric, (used, limit) in error.over.items()}


@contextmanager
def answering(field: str = "limits") -> Iterator[None]:
    """`field`: the one that InvalidTerms is about."""
    try:
        yield
    except InvalidTerms as error:
        raise ValidationError({field: [str(error)]}) from None
    except InvalidReference as error:
        raise ValidationError({"reference": [str(error)]}) from None
    except NotAllowed as error:
        raise Refused(str(error)) from None
    except PlanNotAllowed as error:
        raise Refused(str(error), "plan_not_allowed") from None
    except PoolExceeded as error:
        raise Refused(str(error), "pool_exceeded") from None
    except LimitReached as error:
        raise Refused(str(error), "limit_reached") from None
    except OverLimits as error:
        raise OverLimitsConflict(error) from None
    except UnknownKey as error:
        raise NotFound(str(error)) from None
