"""Keyed digests of secrets that are only ever compared: licence keys, API tokens."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def digest(purpose: str, text: str) -> str:
    """64 hex characters, under a key derived from TOKEN_KEY for this purpose: a stolen table names no secret."""
    if not settings.TOKEN_KEY:
        raise ImproperlyConfigured("TOKEN_KEY is empty.")
    key = hashlib.sha256(f"chatdock.{purpose}:{settings.TOKEN_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
