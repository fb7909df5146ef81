"""Who may see and do what to which licence."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.decorators import OrganizationRequest, View, organization_view
from accounts.invitations import MailFailed
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.team import NoRoom, TeamRefused
from licenses.authority import Authority, Deed, NotAllowed, authority_of_member, speaking_for
from licenses.models import License
from licenses.owners import invite_first_owner
from licenses.reach import licenses_within


def license_view(permission: Permission) -> Callable[[View], View]:
    """For paths with `slug` and `license_id`: `view(request, license)`. 404 for what the organization does not see."""

    def decorate(view: View) -> View:
        @organization_view(permission)
        def wrapped(request: OrganizationRequest, license_id: str, **kwargs: Any) -> HttpResponseBase:
            seen = licenses_within(request.organization).with_facts()
            return view(request, get_object_or_404(seen, public_id=license_id), **kwargs)

        return wrapped

    return decorate


def authority_in(request: OrganizationRequest, deed: Deed) -> Authority:
    """For whom this person speaks here. 403 when that does not go as far as the deed."""
    try:
        authority = authority_of_member(request.membership)
        authority.require(deed)
    except NotAllowed as error:
        raise PermissionDenied from error
    return authority


def may(request: OrganizationRequest, deed: Deed) -> bool:
    try:
        return authority_of_member(request.membership).may(deed)
    except NotAllowed:
        return False


def speaker(request: OrganizationRequest) -> Authority:
    return speaking_for(request.membership)


def license_url(request: OrganizationRequest, license: License, name: str = "detail") -> str:
    return reverse(f"licenses:{name}", args=[request.organization.slug, license.public_id])


def place_url(request: OrganizationRequest, name: str, *ids: str) -> str:
    return reverse(f"licenses:{name}", args=[request.organization.slug, *ids])


def invite_owner(request: OrganizationRequest, organization: Organization, email: str) -> None:
    """The organization stays when the mail does not go out: its page says that nobody is there yet."""
    if not email:
        return
    try:
        invite_first_owner(actor=request.user, organization=organization, email=email, now=timezone.now())
    except (MailFailed, NoRoom, TeamRefused) as error:
        messages.warning(request, f"{email} was not invited. {error}")
    else:
        messages.success(request, f"{email} is invited.")
