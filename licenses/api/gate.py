"""The REST API is a feature of the plan."""

from typing import TYPE_CHECKING, Any, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Organization
from core.api import Refused
from core.codes import Code
from licenses.entitlements import Feature
from licenses.models import License

if TYPE_CHECKING:
    from accounts.api.base import ApiView


class PlanIncludesApi(BasePermission):
    """For customers: one of their licences has it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        caller = cast("ApiView", view).caller
        if caller.organization.kind != Organization.Kind.CUSTOMER:
            return True
        held = License.objects.for_organization(caller.organization).holding().select_related("plan")
        if not any(license.has(Feature.API) for license in held):
            raise Refused("No licence of the organization includes the REST API.", Code.ENTITLEMENT_MISSING)
        return True
