"""Whose widgets an API call is about, and what the caller may do there."""

from dataclasses import dataclass
from typing import cast

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request

from accounts.models import Membership, Organization, User
from accounts.permissions import Permission
from widgets.models import Widget


@dataclass(frozen=True, slots=True)
class Scope:
    membership: Membership

    @property
    def actor(self) -> User:
        return self.membership.user

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    def require(self, permission: Permission) -> None:
        if not self.membership.may(permission):
            raise PermissionDenied

    def widget(self, public_id: str) -> Widget:
        return get_object_or_404(Widget.objects.for_organization(self.organization).with_state(), public_id=public_id)


def scope_of(request: Request, permission: Permission) -> Scope:
    """`?organization=org_…`, or the only one. Another's is absent: 404."""
    memberships = Membership.objects.for_user(cast(User, request.user)).select_related("organization", "user")
    named = request.query_params.get("organization")
    if named is not None:
        scope = Scope(get_object_or_404(memberships, organization__public_id=named))
    else:
        found = list(memberships[:2])
        if len(found) != 1:
            raise ValidationError({"organization": ["Name the organization: ?organization=org_…"]})
        scope = Scope(found[0])
    scope.require(permission)
    return scope
