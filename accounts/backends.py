from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.belonging import belongs
from accounts.models import User
from core.hosts import own_host


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """On a reseller's host somebody else's e-mail and password are as wrong as invented ones."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        own = own_host(request) if request and user else None
        return user if own is None or (user and belongs(user, own)) else None
