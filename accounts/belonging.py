"""Who may be on a reseller's own host: its people and its customers' people, in these organizations alone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from accounts.models import Membership, User
from core.hosts import OwnHost, own_host


def here(request: HttpRequest, prefix: str = "organization__") -> Q:
    """The organizations that count on the host of this request; all on the platform's. `prefix`: the way to them."""
    own = own_host(request)
    return _within(own, prefix) if own else Q()


def belongs(user: User, own: OwnHost) -> bool:
    return Membership.objects.for_user(user).filter(_within(own, "organization__")).exists()


def _within(own: OwnHost, prefix: str) -> Q:
    return Q(**{f"{prefix}pk": own.owner}) | Q(**{f"{prefix}parent": own.owner})


class OwnHostMixin:
    """For a login backend: somebody else's e-mail and password are as wrong here as invented ones."""

    def authenticate(self, request: HttpRequest | None, *args: Any, **credentials: Any) -> Any:
        user = super().authenticate(request, *args, **credentials)  # type: ignore[misc]
        own = own_host(request) if request and user else None
        return user if own is None or belongs(user, own) else None


class PasswordBackend(OwnHostMixin, ModelBackend):
    pass


class OwnHostMiddleware:
    """However they came in: whoever does not belong on a reseller's host is nobody there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = own_host(request)
        if own and request.user.is_authenticated and not belongs(request.user, own):
            logout(request)
        return self.get_response(request)
