"""Second factors: sealed where they are stored, and needed by the people of resellers and of the platform."""

from collections.abc import Iterator
from typing import Any, Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from accounts.brands import brand_for
from accounts.models import Organization, User
from accounts.services import record
from core.crypto import active_key_id, key_id, rewrap, seal, unseal

_CONTEXT: Final = "mfa"
_SEALED: Final = ("secret", "seed")  # of an app, of recovery codes
_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none
_POWERFUL: Final = (Organization.Kind.RESELLER, Organization.Kind.PLATFORM)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        """What an app or a key ring shows beside a code or a passkey."""
        return brand_for(context.request).name

    def encrypt(self, text: str) -> str:
        return seal(text, context=_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, context=_CONTEXT).reveal()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"


@transaction.atomic
def remove_factors(*, actor: User, user: User) -> None:
    """For somebody who has lost theirs, and of whom the operator knows that it is them."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    if count:
        record(action="person.factors_removed", actor=actor, organization=None, target=user.email)


def sealed_in_factors() -> Iterator[tuple[Authenticator, str, str]]:
    """(row, name in its data, sealed text) of all that is sealed there."""
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").iterator(chunk_size=500):
        for name in _SEALED:
            if name in row.data:
                yield row, name, row.data[name]


def rewrap_factors() -> int:
    """How many secrets were brought under the active key. Each under its row's lock: a code may be used meanwhile."""
    done = 0
    for found, name, sealed in sealed_in_factors():
        if key_id(sealed) == active_key_id():
            continue
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=found.pk).first()
            if row and row.data.get(name) == sealed:
                row.data[name] = rewrap(sealed)
                row.save(update_fields=["data"])
                done += 1
    return done


def factors_of(user: Any) -> Any:
    """A QuerySet; `user` may be a reference to a row around it."""
    return Authenticator.objects.filter(user=user, type__in=_FACTORS)


def has_second_factor(user: User) -> bool:
    return bool(factors_of(user).exists())


def lacks_second_factor(user: User, organization: Organization) -> bool:
    """Whether this person must set one up before the organization opens."""
    return bool(settings.MFA_REQUIRED) and organization.kind in _POWERFUL and not has_second_factor(user)
