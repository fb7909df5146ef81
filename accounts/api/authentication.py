"""`Authorization: Bearer cdt_…` for REST views, and what a caller must have for each of their calls.

A dashboard's session opens nothing here: it would pass by the plan, the second factor and the host it is for.
"""

from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.apitokens import Caller, InvalidToken, authenticate
from accounts.models import User
from core.api import Refused
from core.caller import call_with_token
from core.clientip import client_ip
from core.codes import Code

if TYPE_CHECKING:
    from accounts.api.base import ApiView


class ApiTokenAuthentication(BaseAuthentication):
    """Sets `request.user` to the token's creator and `request.auth` to a Caller."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        text = parts[1].decode("latin-1") if len(parts) == 2 else ""
        try:
            caller = authenticate(text, ip=client_ip(request.META), now=timezone.now())
        except InvalidToken:
            raise AuthenticationFailed("The token is not valid.") from None
        call_with_token(caller.token.public_id)
        return caller.actor, caller

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The call names the scopes of which the token needs one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        api = cast("ApiView", view)
        wanted = api.call.scopes
        if any(api.caller.may(scope) for scope in wanted):
            return True
        if any(api.caller.has(scope) for scope in wanted):
            return False
        raise PermissionDenied(f"The token needs the scope {' or '.join(wanted)}.", "scope_missing")


class IsInGoodStanding(BasePermission):
    """A suspended organization reads, and writes nothing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        organization = cast("ApiView", view).caller.organization
        if organization.is_suspended and request.method not in SAFE_METHODS:
            raise Refused("The organization is suspended. Contact support.", Code.ORGANIZATION_SUSPENDED)
        return True
