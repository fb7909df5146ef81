"""The library's forms in our words, and our own."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.adapter import VERIFIED
from accounts.belonging import is_member
from accounts.invitations import DAYS
from accounts.models import User
from accounts.permissions import Role
from core.hosts import own_host


class _OurWords(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)  # the label says it
            if name in ("email", "login"):
                field.label = "E-mail"


class LoginForm(_OurWords, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth is untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].help_text = ""  # the way to a new password stands below the form


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    users: list[User]

    def clean_email(self) -> str:
        """On a reseller's host, those who are no members there have no account: a reseller sees what its host is
        asked for, keys of new passwords too."""
        from allauth.core import context  # noqa: PLC0415  - where the library keeps the request

        email: str = super().clean_email()
        if own := own_host(context.request):
            self.users = [user for user in self.users if is_member(user, own)]
        return email


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class ChangeEmailForm(_OurWords, allauth_forms.AddEmailForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class CodeForm(_OurWords, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(_OurWords, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateAppForm(_OurWords, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    pass


class SignupForm(_OurWords, allauth_forms.SignupForm):  # type: ignore[misc]  # allauth is untyped
    name = forms.CharField(
        label="Your name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "email", "password1"]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        invited = self.invited_email()
        if settings.SIGNUP != "open" and email != invited:
            raise forms.ValidationError(f"Your invitation is for {invited}. Use this address.")
        return email

    def invited_email(self) -> str:
        from allauth.core import context  # noqa: PLC0415  - where the library keeps the request

        return str(context.request.session.get(VERIFIED) or "")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Of two that come at once with one address, the second is told what anybody with a known address is told."""
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A person, added by an operator."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MemberForm(forms.Form):
    """A role, as far as one may give it, and perhaps an end. `until` is a day, and the membership ends with it."""

    role = forms.ChoiceField()
    until = forms.DateField(
        label="Member until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="For people who come for a time. Empty: until somebody removes them.",
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, role.label) for role in roles]

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        return datetime.combine(day, time.max, UTC) if day else None


class InvitationForm(MemberForm):
    email = forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    days = forms.IntegerField(label="The link is good for, in days", min_value=1, max_value=30, initial=DAYS)
    field_order = ["email", "role", "days", "until"]

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        """Whoever does not look gives little away."""
        roles = list(roles)
        super().__init__(*args, roles=roles, **kwargs)
        self.fields["role"].initial = Role.EDITOR if Role.EDITOR in roles else roles[-1]


class SupportForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=200, help_text="The ticket, or what you were asked.")
    hours = forms.ChoiceField(label="For", choices=[("1", "1 hour"), ("2", "2 hours"), ("4", "4 hours")])
