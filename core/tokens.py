"""Signed tokens that carry claims: readable by all, made only by us, good for one purpose."""

import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured


class TokenInvalid(Exception):
    """Not a token of ours, or one for another purpose."""


class TokenExpired(TokenInvalid):
    """A token of ours that is too old."""


def mint(purpose: str, claims: dict[str, Any]) -> str:
    """A token of URL- and header-safe characters. The claims are signed, not hidden."""
    return _signer(settings.TOKEN_KEY, purpose).sign_object(claims)


def read(purpose: str, token: str, *, max_age: int) -> dict[str, Any]:
    """The claims of a token minted for this purpose at most `max_age` seconds ago. Raises TokenInvalid."""
    try:
        claims, minted = _verified(settings.TOKEN_KEY, purpose, token)
    except (signing.BadSignature, UnicodeError) as error:
        raise TokenInvalid(purpose) from error
    if time.time() - minted > max_age:
        raise TokenExpired(purpose)
    return dict(claims)


@lru_cache(4096)  # a frame shows the same two tokens in each of its calls; what was refused is not remembered
def _verified(key: str, purpose: str, token: str) -> tuple[dict[str, Any], int]:
    """The claims, and when they were minted (unix seconds)."""
    claims = _signer(key, purpose).unsign_object(token)
    return claims, signing.b62_decode(token.rsplit(":", 2)[1])


def _signer(key: str, purpose: str) -> signing.TimestampSigner:
    if not key:
        raise ImproperlyConfigured("TOKEN_KEY is empty.")
    return signing.TimestampSigner(key=key, salt=f"chatdock.{purpose}")
