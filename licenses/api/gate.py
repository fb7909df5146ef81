"""The REST API is a feature of the plan."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Organization
from core.api import Refused
from core.codes import Code
from licenses.entitlements import Feature
from licenses.models import License
from licenses.states import valid_until

if TYPE_CHECKING:
    from accounts.api.base import ApiView


class PlanIncludesApi(BasePermission):
    """For customers: a licence has it that has not ended, grace included. One that is suspended counts: its own pause
    can be lifted here."""

    def has_permission(self, request: Request, view: Any) -> bool:
        caller = cast("ApiView", view).caller
        if caller.organization.kind != Organization.Kind.CUSTOMER:
            return True
        held = License.objects.for_organization(caller.organization).holding().with_facts()
        if not any(license.has(Feature.API) and _lasts(license, timezone.now()) for license in held):
            raise Refused("No licence of the organization includes the REST API.", Code.ENTITLEMENT_MISSING)
        return True


def _lasts(license: License, now: datetime) -> bool:
    end = valid_until(license.facts())
    return end is None or now < end
