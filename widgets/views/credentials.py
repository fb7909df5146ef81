"""The secrets on the Connection page: they come in and never go out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.utils import timezone

from accounts.decorators import OrganizationRequest
from widgets.credentials import InvalidSecret, delete_credential, set_credential
from widgets.forms import CredentialForm
from widgets.models import Credential, Widget
from widgets.types.base import Connection


@dataclass(frozen=True, slots=True)
class SecretField:
    form: CredentialForm
    stored: Credential | None
    shape: str = ""

    @property
    def when(self) -> str:
        """As of an Input. What is stored is shown always: it can be removed."""
        return "" if self.stored or not self.form.kind.when else json.dumps(self.form.kind.when)


def mattering_credentials(widget: Widget, connection: Connection | None) -> list[SecretField]:
    """Those that this connection uses, in its shapes: for a form that the connection does not stand in."""
    found = credential_forms(widget, None)
    if connection is None:
        return found
    return [
        replace(secret, shape=getattr(connection, secret.form.kind.shape_from, secret.shape))
        for secret in found
        if secret.form.kind.matters(connection)
    ]


def credential_forms(widget: Widget, data: Mapping[str, Any] | None) -> list[SecretField]:
    stored = {credential.kind: credential for credential in widget.credentials.all()}
    return [
        SecretField(CredentialForm(data, kind=kind), stored.get(kind.id), kind.shape)
        for kind in widget.type.credentials
    ]


def save_credentials(request: OrganizationRequest, widget: Widget, fields: list[SecretField]) -> list[SecretField]:
    """Store and remove what was asked for, also when the rest of the page is refused: a secret is not shown again.

    Returns the fields to show: those that were refused with their error, the others as they are stored now.
    """
    for secret_field in fields:
        if secret_field.form.is_valid():
            _save(request, widget, secret_field)
    now = credential_forms(widget, None)
    return [sent if sent.form.errors else fresh for sent, fresh in zip(fields, now, strict=True)]


def _save(request: OrganizationRequest, widget: Widget, secret_field: SecretField) -> None:
    form, kind = secret_field.form, secret_field.form.kind
    if secret := form.cleaned_data["secret"]:
        try:
            set_credential(actor=request.user, widget=widget, kind=kind.id, secret=secret, now=timezone.now())
        except InvalidSecret as error:
            form.add_error("secret", str(error))
        else:
            messages.success(request, f"{kind.label}: stored. It is in use from now on.")
    elif form.cleaned_data["remove"] and secret_field.stored:
        delete_credential(actor=request.user, widget=widget, kind=kind.id)
        messages.success(request, f"{kind.label}: removed.")
