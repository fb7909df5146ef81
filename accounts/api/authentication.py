"""`Authorization: Bearer cdt_…` for REST views, and the scope each of their methods asks for."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.apitokens import Bearer, InvalidToken, Scope, authenticate
from accounts.models import User
from core.clientip import client_ip


class ApiTokenAuthentication(BaseAuthentication):
    """Sets `request.user` to the token's creator and `request.auth` to a Bearer (`organization`, `membership`)."""

    def authenticate(self, request: Request) -> tuple[User, Bearer] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        text = parts[1].decode("latin-1") if len(parts) == 2 else ""
        try:
            bearer = authenticate(text, ip=client_ip(request.META), now=timezone.now())
        except InvalidToken:
            raise AuthenticationFailed("The token is not valid.") from None
        return bearer.token.created_by, bearer

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """`scopes = {"GET": Scope.LICENSES_READ, …}` on the view; a method it does not name is refused.

    Only for calls with a token. A view that also takes sessions combines it with a permission for those.
    """

    message = "The token does not have the scope that this needs."

    def has_permission(self, request: Request, view: Any) -> bool:
        scopes: dict[str, Scope] = getattr(view, "scopes", {})
        method = "GET" if request.method == "HEAD" else request.method or ""
        bearer, scope = request.auth, scopes.get(method)
        return isinstance(bearer, Bearer) and scope is not None and bearer.may(scope)
