"""Every page of an organization starts here: who belongs to it, and what their role allows."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.acting import as_membership, find_acting, note_look
from accounts.belonging import here
from accounts.guest_models import ActingSession
from accounts.mfa import lacks_second_factor
from accounts.models import Membership, Organization, User
from accounts.permissions import Permission
from core.caller import act_on_behalf_of

View = Callable[..., HttpResponseBase]
_SAFE = ("GET", "HEAD", "OPTIONS")


class Refusal(PermissionDenied):
    """It is not the role. sentence: what scripts show; template: the page."""

    def __init__(self, sentence: str, template: str = "403.html") -> None:
        super().__init__(sentence)
        self.sentence, self.template = sentence, template


class OrganizationRequest(HttpRequest):
    """What `organization_view` adds to a request."""

    user: User
    organization: Organization
    membership: Membership  # a guest's is not stored
    memberships: list[Membership]  # all of this person's, for the switcher
    permissions: frozenset[Permission]
    acting: ActingSession | None  # the session of a guest


def organization_view(permission: Permission) -> Callable[[View], View]:
    """For paths with a `slug`. An organization of others is as absent as one that is not there: 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            entered = enter_organization(request, slug)
            if permission not in entered.permissions:
                raise PermissionDenied
            if request.method not in _SAFE and entered.organization.is_suspended:
                raise Refusal("The organization is suspended: it can be looked at, and not changed.", "suspended.html")
            if not entered.acting and lacks_second_factor(entered.user, entered.organization):
                return _to_second_factor(entered)
            if entered.acting:
                _receive(entered, entered.acting)
            response = view(entered, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")  # not to be seen after logging out
            return response

        return wrapped

    return decorate


def enter_organization(request: HttpRequest, slug: str) -> OrganizationRequest:
    """As a member, else as a guest. Raises Http404."""
    entered = cast(OrganizationRequest, request)
    entered.memberships = list(Membership.objects.for_user(entered.user).filter(here(request)).for_switcher())
    membership = next((m for m in entered.memberships if m.organization.slug == slug), None)
    entered.acting = None
    if membership is None:
        entered.acting = _guest_session(request, entered.user, slug)
        membership = as_membership(entered.acting)
        entered.memberships.append(membership)
    membership.user = entered.user  # who acts is asked of the membership too
    entered.membership, entered.organization = membership, membership.organization
    entered.permissions = membership.permissions
    return entered


def _guest_session(request: HttpRequest, user: User, slug: str) -> ActingSession:
    organization = Organization.objects.filter(here(request, ""), slug=slug).first()
    session = find_acting(user, organization, timezone.now()) if organization else None
    if session is None:
        raise Http404
    return session


def _to_second_factor(request: OrganizationRequest) -> HttpResponse:
    messages.warning(request, f"{request.organization} asks its people for a second factor. Set one up to go on.")
    return redirect("mfa_index")


def _receive(request: OrganizationRequest, session: ActingSession) -> None:
    """A guest's deeds are told with whom they are for, and the pages they open are noted. Raises PermissionDenied."""
    act_on_behalf_of(session.on_behalf_of_id)
    if session.is_read_only and request.method not in _SAFE:
        raise Refusal("You were let in to look, not to change anything.")
    if request.method == "GET":
        note_look(session, request.path)
