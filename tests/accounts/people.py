"""What tests of people share: the link in the last mail, a code of an authenticator app."""

import re
from urllib.parse import urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail

from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXP"


def link_in_mail(number: int = -1) -> str:
    """The path of the first address in a mail."""
    return urlsplit(re.search(r"https?://\S+", mail.outbox[number].body)[0]).path


def set_up_app(user: User) -> list[str]:
    """An authenticator app with SECRET → the recovery codes."""
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
