"""Who may be on a reseller's own host: its people and its customers' people, in these organizations alone."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.guest_models import Invitation
from accounts.models import Membership, User
from core.hosts import OwnHost, own_host


def here(request: HttpRequest, prefix: str = "organization__") -> Q:
    """The organizations that count on the host of this request; all on the platform's. `prefix`: the way to them."""
    own = own_host(request)
    return _within(own, prefix) if own else Q()


def belongs(user: User, own: OwnHost) -> bool:
    """As a member, or as somebody who is invited and has yet to accept."""
    inside = _within(own, "organization__")
    invited = Invitation.objects.waiting().filter(email__iexact=user.email, expires_at__gt=timezone.now())
    return is_member(user, own) or invited.filter(inside).exists()


def is_member(user: User, own: OwnHost) -> bool:
    """Anybody can be invited; this they have agreed to."""
    return Membership.objects.for_user(user).filter(_within(own, "organization__")).exists()


def belongs_elsewhere(user: User, own: OwnHost) -> bool:
    """Whether this person's account opens more than what is the reseller's. A membership that has ended may begin
    anew."""
    outside = Membership.objects.filter(user=user).exclude(_within(own, "organization__"))
    return user.is_staff or outside.exists()


def _within(own: OwnHost, prefix: str) -> Q:
    return Q(**{f"{prefix}pk": own.owner}) | Q(**{f"{prefix}parent": own.owner})


class OwnHostMiddleware:
    """However they came in: whoever does not belong on a reseller's host is nobody there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = own_host(request)
        if own and request.user.is_authenticated and not belongs(request.user, own):
            logout(request)
        return self.get_response(request)
