from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.decorators import OrganizationRequest, View, organization_view
from accounts.permissions import Permission
from licenses.models import License


def license_view(permission: Permission) -> Callable[[View], View]:
    """For paths with `slug` and `license_id`: `view(request, license)`. 404 for what is not this organization's."""

    def decorate(view: View) -> View:
        @organization_view(permission)
        def wrapped(request: OrganizationRequest, license_id: str, **kwargs: Any) -> HttpResponseBase:
            own = License.objects.for_organization(request.organization).with_facts()
            return view(request, get_object_or_404(own, public_id=license_id), **kwargs)

        return wrapped

    return decorate
