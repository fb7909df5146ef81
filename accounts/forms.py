from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, AuthenticationForm

from accounts.models import User


class LoginForm(AuthenticationForm):
    username = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    error_messages: dict[str, Any] = {
        "invalid_login": "This e-mail and password do not belong together. Check both and try again.",
        "inactive": "This account is switched off. Ask whoever manages it.",
    }


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """A person, added by an operator."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
