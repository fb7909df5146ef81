"""Logging in and out, and changing one's password: Django's views with our words and a rate limit."""

from hashlib import sha256
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from accounts.forms import LoginForm
from core.clientip import client_ip, ip_prefix
from core.ratelimit import Limit, hit_sync


class Login(views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm

    def get_default_redirect_url(self) -> str:
        return reverse("accounts:home")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = hit_sync([_limit(request)])
        return super().post(request, *args, **kwargs) if wait is None else self._too_many(wait)

    def _too_many(self, wait: float) -> HttpResponse:
        """Without looking at the password, so that guessing on teaches nothing."""
        form = LoginForm(self.request, initial={"username": self.request.POST.get("username", "")})
        minutes = ceil(wait / 60)
        sentence = f"Too many attempts. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again."
        context = self.get_context_data(form=form, too_many=sentence)
        response = self.render_to_response(context, status=429)
        response.headers["Retry-After"] = str(ceil(wait))
        return response


def _limit(request: HttpRequest) -> Limit:
    """Per address and account: a stranger cannot lock anybody out from elsewhere. The e-mail is not kept in Redis."""
    events, seconds = settings.RATE_LIMITS["login"]
    account = sha256(request.POST.get("username", "").strip().lower().encode()).hexdigest()[:32]
    return Limit(f"login:{ip_prefix(client_ip(request.META))}:{account}", events, seconds)


class Logout(views.LogoutView):
    """POST only."""


class ChangePassword(views.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:home")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)
