"""Where the library that logs people in asks us."""

import logging
from smtplib import SMTPException
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse

from accounts.belonging import belongs_elsewhere
from accounts.brandmail import branded
from accounts.brands import brand_for, brand_of
from accounts.freshness import is_fresh
from accounts.models import Membership, Organization, User
from accounts.services import record
from core.clientip import client_ip
from core.hosts import OwnHost, own_host

log = logging.getLogger(__name__)
VERIFIED: Final = "account_verified_email"  # in the session of who came with an invitation's link: the library's name
_LINKS: Final = {"activate_url", "password_reset_url", "signup_url"}  # in the library's mails
_MISMATCH = "This e-mail and password do not belong together. Check both and try again."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _MISMATCH,
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """On a reseller's host only by invitation: it would make an organization that is not the reseller's."""
        is_open = settings.SIGNUP == "open" and own_host(request) is None
        return is_open or bool(request.session.get(VERIFIED))

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMultiAlternatives:
        own = own_host(self.request) if self.request else None
        if own and not _is_for_host(own, template_prefix, context):
            context = context | {name: _on_our_host(context[name]) for name in _LINKS & context.keys()}
        plain = super().render_mail(template_prefix, email, context, headers)
        brand = brand_for(self.request) if self.request else brand_of(None)
        return branded(brand, to=email, subject=plain.subject, body=plain.body)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just logged in is not asked again."""
        return not is_fresh(self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request.META) or "0.0.0.0"  # noqa: S104  (a Unix socket has no address, the column must)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **kwargs: Any) -> HttpResponse:
        """Who has just signed up has just typed a password."""
        if signup:
            record_authentication(request, user, method="password")
        response: HttpResponse = super().post_login(request, user, signup=signup, **kwargs)
        return response

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called for every change of how a person logs in: their organizations' logs tell it too."""
        what = template_prefix.rpartition("/")[2]
        own = Membership.objects.for_user(user).select_related("organization")
        organizations: list[Organization | None] = [membership.organization for membership in own]
        for organization in organizations or [None]:
            record(action=f"person.{what}", actor=user, organization=organization, target=user.email)
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except (OSError, SMTPException):
            log.exception("A person was not told of a change to their account: %s", what)


def _is_for_host(own: OwnHost, template_prefix: str, context: dict[str, Any]) -> bool:
    """A reseller decides where its host leads, and may see what is asked for there. So no link leads to it but that to
    a new password of somebody who belongs nowhere else."""
    return template_prefix.endswith("/password_reset_key") and not belongs_elsewhere(context["user"], own)


def _on_our_host(url: str) -> str:
    return urljoin(str(settings.DASHBOARD_URL), urlsplit(url).path)
