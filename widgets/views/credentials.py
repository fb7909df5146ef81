"""The secrets on the Connection page: they come in and never go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.utils import timezone

from accounts.decorators import OrganizationRequest
from widgets.credentials import delete_credential, set_credential
from widgets.forms import CredentialForm
from widgets.models import Credential, Widget


@dataclass(frozen=True, slots=True)
class SecretField:
    form: CredentialForm
    stored: Credential | None


def credential_forms(widget: Widget, data: Mapping[str, Any] | None) -> list[SecretField]:
    stored = {credential.kind: credential for credential in widget.credentials.all()}
    return [SecretField(CredentialForm(data, kind=kind), stored.get(kind.id)) for kind in widget.type.credentials]


def save_credentials(request: OrganizationRequest, widget: Widget, fields: list[SecretField]) -> None:
    """Stored even when the rest of the page is refused: a secret cannot be shown again, so it would be lost."""
    for secret_field in fields:
        form = secret_field.form
        if not form.is_valid():
            messages.error(request, f"{form.kind.label}: {form.errors.as_text()}")
        elif secret := form.cleaned_data["secret"]:
            set_credential(actor=request.user, widget=widget, kind=form.kind.id, secret=secret, now=timezone.now())
            messages.success(request, f"{form.kind.label}: stored. It is in use from now on.")
        elif form.cleaned_data["remove"] and secret_field.stored:
            delete_credential(actor=request.user, widget=widget, kind=form.kind.id)
            messages.success(request, f"{form.kind.label}: removed.")
