"""Secrets at rest: each under its own data key, each data key wrapped by a key-encryption key from the environment.

A sealed secret is `v1.<id of the wrapping key>.<wrapped data key>.<ciphertext>`, the last two base64url of a 96-bit
nonce and AES-256-GCM output. The ciphertext authenticates the context (the row it belongs to), so it cannot be moved to
another row. The wrapped data key authenticates only the id of the key around it: rotation must not need the context.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_VERSION = "v1"
_NONCE = 12  # bytes
_KEY = 32  # bytes
_MASK = "[secret]"


class UnsealError(Exception):
    """The sealed text is damaged, belongs elsewhere, or its key is no longer in SEALING_KEYS."""


class Secret:
    """A text that shows itself only to who calls `reveal()`."""

    __slots__ = ("__text",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return format(_MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__text.encode(), other.reveal().encode())

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A Secret is not pickled or copied.")


def seal(plaintext: str | Secret, *, context: str) -> str:
    """The sealed text for storage; only the same `context` opens it."""
    text = plaintext.reveal() if isinstance(plaintext, Secret) else plaintext
    data_key = os.urandom(_KEY)
    ciphertext = _encrypt(AESGCM(data_key), text.encode(), context.encode())
    return _wrap(data_key, ciphertext)


def unseal(sealed: str, *, context: str) -> Secret:
    """What `seal` sealed under this context. Raises UnsealError."""
    data_key, ciphertext = _unwrap(sealed)
    return Secret(_decrypt(AESGCM(data_key), ciphertext, context.encode()).decode())


def rewrap(sealed: str) -> str:
    """The same secret with its data key under the active key; the plaintext is not touched. Raises UnsealError."""
    return _wrap(*_unwrap(sealed))


def key_id(sealed: str) -> str:
    """The id of the key that wraps this secret. Raises UnsealError."""
    return _split(sealed)[0]


def same_sealed(one: str, other: str) -> bool:
    """Whether one is a copy of the other, or rewrapped from it. Equal texts that were sealed apart are not the same."""
    return one.rpartition(".")[2] == other.rpartition(".")[2]


def active_key_id() -> str:
    """The id of the key that seals."""
    return next(iter(_keys()))


def fingerprint(plaintext: str) -> str:
    """16 hex characters that tell whether two secrets are the same, and nothing else.

    Keyed by TOKEN_KEY, because a fingerprint must outlive the rotation of SEALING_KEYS.
    """
    if not settings.TOKEN_KEY:
        raise ImproperlyConfigured("TOKEN_KEY is empty.")
    key = hashlib.sha256(b"chatdock.fingerprint:" + settings.TOKEN_KEY.encode()).digest()
    return hmac.new(key, plaintext.encode(), hashlib.sha256).hexdigest()[:16]


def _wrap(data_key: bytes, ciphertext: bytes) -> str:
    keys = _keys()
    if not keys:
        raise ImproperlyConfigured("SEALING_KEYS is empty.")
    active, key = next(iter(keys.items()))
    return ".".join((_VERSION, active, _text(_encrypt(key, data_key, _wrap_context(active))), _text(ciphertext)))


def _unwrap(sealed: str) -> tuple[bytes, bytes]:
    """(data key, ciphertext)"""
    name, wrapped, ciphertext = _split(sealed)
    key = _keys().get(name)
    if key is None:
        raise UnsealError(f"SEALING_KEYS has no key {name!r}.")
    return _decrypt(key, wrapped, _wrap_context(name)), ciphertext


def _split(sealed: str) -> tuple[str, bytes, bytes]:
    try:
        version, name, wrapped, ciphertext = sealed.split(".")
        parts = name, _bytes(wrapped), _bytes(ciphertext)
    except (ValueError, binascii.Error) as error:
        raise UnsealError("This is not a sealed secret.") from error
    if version != _VERSION:
        raise UnsealError("The secret was sealed by another version.")
    return parts


def _wrap_context(name: str) -> bytes:
    return f"{_VERSION}.{name}".encode()


def _encrypt(key: AESGCM, data: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, data, context)


def _decrypt(key: AESGCM, data: bytes, context: bytes) -> bytes:
    try:
        return key.decrypt(data[:_NONCE], data[_NONCE:], context)
    except (InvalidTag, ValueError) as error:  # ValueError: cut shorter than a nonce
        raise UnsealError("The secret was changed, or belongs elsewhere.") from error


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)


def _keys() -> dict[str, AESGCM]:
    return _parse_keys(tuple(settings.SEALING_KEYS))


@lru_cache(maxsize=8)
def _parse_keys(entries: tuple[str, ...]) -> dict[str, AESGCM]:
    """`id:base64 of 32 bytes` each. The message of a failure names no key."""
    keys = {}
    for number, entry in enumerate(entries, start=1):
        name, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not name or "." in name or len(key) != _KEY:
            raise ImproperlyConfigured(f"SEALING_KEYS: entry {number} is not `id:base64 of 32 bytes`.")
        keys[name] = AESGCM(key)
    return keys
