"""Logging in and out, and changing one's password: the library's views with our words and an atomic rate limit."""

from hashlib import sha256
from math import ceil
from typing import Any

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.clientip import client_ip, ip_prefix
from core.ratelimit import Limit, hit_sync


class Login(views.LoginView):  # type: ignore[misc]  # allauth is untyped
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"signup_is_open": get_adapter().is_open_for_signup(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = hit_sync([_limit(request)])
        return self._too_many(wait) if wait is not None else super().post(request, *args, **kwargs)

    def _too_many(self, wait: float) -> HttpResponse:
        """Without looking at the password, so that guessing on teaches nothing."""
        form = self.get_form_class()(initial={"login": self.request.POST.get("login", "")}, request=self.request)
        minutes = ceil(wait / 60)
        sentence = f"Too many attempts. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again."
        context = self.get_context_data(form=form, too_many=sentence)
        response: HttpResponse = self.render_to_response(context, status=429)
        response.headers["Retry-After"] = str(ceil(wait))
        return response


def _limit(request: HttpRequest) -> Limit:
    """Per address and account: a stranger cannot lock anybody out from elsewhere. The e-mail is not kept in Redis."""
    events, seconds = settings.RATE_LIMITS["login"]
    account = sha256(request.POST.get("login", "").strip().lower().encode()).hexdigest()[:32]
    return Limit(f"login:{ip_prefix(client_ip(request.META))}:{account}", events, seconds)


class Logout(views.LogoutView):  # type: ignore[misc]
    http_method_names = ["post"]


class ChangePassword(views.PasswordChangeView):  # type: ignore[misc]
    """Every other session of the person ends with it."""
