"""Signed tokens that carry claims: readable by all, made only by us, good for one purpose."""

from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured


class TokenInvalid(Exception):
    """Not a token of ours, or one for another purpose."""


class TokenExpired(TokenInvalid):
    """A token of ours that is too old."""


def mint(purpose: str, claims: dict[str, Any]) -> str:
    """A token of URL- and header-safe characters. The claims are signed, not hidden."""
    return _signer(purpose).sign_object(claims)


def read(purpose: str, token: str, *, max_age: int) -> dict[str, Any]:
    """The claims of a token minted for this purpose at most `max_age` seconds ago. Raises TokenInvalid."""
    try:
        return cast(dict[str, Any], _signer(purpose).unsign_object(token, max_age=max_age))
    except signing.SignatureExpired as error:
        raise TokenExpired(purpose) from error
    except (signing.BadSignature, UnicodeError) as error:
        raise TokenInvalid(purpose) from error


def _signer(purpose: str) -> signing.TimestampSigner:
    if not settings.TOKEN_KEY:
        raise ImproperlyConfigured("TOKEN_KEY is empty.")
    return signing.TimestampSigner(key=settings.TOKEN_KEY, salt=f"chatdock.{purpose}")
