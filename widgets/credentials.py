"""The secrets of widgets: write-only from outside, opened for one upstream call."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import record
from core.crypto import Secret, UnsealError, fingerprint, seal, unseal
from licenses.services import announce
from widgets.models import Credential, Widget, credential_context


class UnknownKind(ValueError):
    """The widget's type has no such credential."""


class InvalidSecret(ValueError):
    """The text cannot be such a secret; the message says what to do."""


@transaction.atomic
def set_credential(*, actor: User | None, widget: Widget, kind: str, secret: str, now: datetime) -> Credential:
    """Store or replace a secret. It takes effect on the site at once, without publishing."""
    declared = next((known for known in widget.type.credentials if known.id == kind), None)
    if declared is None:
        raise UnknownKind(kind)
    secret = secret.strip()
    try:
        declared.check(secret)
    except ValueError as error:
        raise InvalidSecret(str(error)) from None
    Widget.objects.select_for_update().get(pk=widget.pk)  # two first saves at once
    credential = widget.credentials.filter(kind=kind).first() or Credential(
        organization_id=widget.organization_id, widget=widget, kind=kind
    )
    credential.sealed = seal(secret, context=credential.context())
    credential.last4 = secret[-4:] if len(secret) >= 12 else ""  # four of a short secret would tell too much
    credential.fingerprint = fingerprint(secret)
    credential.updated_at = now
    credential.save()
    _tell(actor, widget, "credential.set", kind=kind, fingerprint=credential.fingerprint)
    return credential


@transaction.atomic
def delete_credential(*, actor: User | None, widget: Widget, kind: str) -> None:
    deleted, _ = widget.credentials.filter(kind=kind).delete()
    if deleted:
        _tell(actor, widget, "credential.deleted", kind=kind)


def reveal(*, sealed: str, organization_id: int, public_id: str, kind: str) -> Secret:
    """Open a stored secret for the one call that needs it. Raises UnsealError."""
    return unseal(sealed, context=credential_context(organization_id, public_id, kind))


def open_credential(stored: Credential) -> Secret:
    """Of a row. Raises UnsealError."""
    return reveal(
        sealed=stored.sealed, organization_id=stored.organization_id, public_id=stored.public_id, kind=stored.kind
    )


def _tell(actor: User | None, widget: Widget, action: str, **details: Any) -> None:
    record(action=action, actor=actor, organization=widget.organization, target=widget.public_id, **details)
    announce(widget.license)


__all__ = [
    "InvalidSecret",
    "UnknownKind",
    "UnsealError",
    "delete_credential",
    "open_credential",
    "reveal",
    "set_credential",
]
