"""Every page of an organization starts here: who belongs to it, and what their role allows."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import Membership, Organization, User
from accounts.permissions import Permission, permissions_of

View = Callable[..., HttpResponseBase]


class OrganizationRequest(HttpRequest):
    """What `organization_view` adds to a request."""

    user: User
    organization: Organization
    membership: Membership
    memberships: list[Membership]  # all of this person's, for the switcher
    permissions: frozenset[Permission]


def organization_view(permission: Permission) -> Callable[[View], View]:
    """For paths with a `slug`. An organization of others is as absent as one that is not there: 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            entered = _enter(cast(OrganizationRequest, request), slug)
            if permission not in entered.permissions:
                raise PermissionDenied
            response = view(entered, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")  # not to be seen after logging out
            return response

        return wrapped

    return decorate


def _enter(request: OrganizationRequest, slug: str) -> OrganizationRequest:
    request.memberships = list(Membership.objects.for_user(request.user).for_switcher())
    membership = next((m for m in request.memberships if m.organization.slug == slug), None)
    if membership is None:
        raise Http404
    membership.user = request.user  # who acts is asked of the membership too
    request.membership, request.organization = membership, membership.organization
    request.permissions = permissions_of(membership.role)
    return request
