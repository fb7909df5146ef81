"""Second factors: sealed where they are stored, and needed by the people of resellers and of the platform."""

from typing import Final

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.brands import brand_for
from accounts.models import Organization, User
from core.crypto import seal, unseal

_CONTEXT: Final = "mfa"
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


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=_FACTORS).exists())


def lacks_second_factor(user: User, organization: Organization) -> bool:
    """Whether this person must set one up before the organization opens."""
    return bool(settings.MFA_REQUIRED) and organization.kind in _POWERFUL and not has_second_factor(user)
