"""Licence keys: `cdk_` and Crockford base32 in groups, as people read them out and type them in.

26 random characters are 130 bits; two check characters catch typing errors before anything is looked up. Crockford's
alphabet has no I, L, O or U. Source: https://www.crockford.com/base32.html
"""

import secrets
from functools import reduce
from itertools import accumulate
from typing import Final

from core.crypto import Secret
from core.digests import digest

PREFIX: Final = "cdk_"
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 26
_CHECKS: Final = 2
_PRIME: Final = 1021  # the largest that two characters can write
_GROUPS: Final = (7, 7, 7, 7)
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


class InvalidKey(ValueError):
    """This is not a licence key, or it has a typing error."""


def new_key() -> Secret:
    return Secret(_written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))))


def key_digest(key: str) -> str:
    """What is stored of a key, however it was typed. Raises InvalidKey."""
    return digest("license-key", _random_part(key))


def last4(key: Secret) -> str:
    return key.reveal()[-4:]


def _written(random_part: str) -> str:
    text = random_part + _check(random_part)
    ends = list(accumulate(_GROUPS))
    return PREFIX + "-".join(text[end - size : end] for end, size in zip(ends, _GROUPS, strict=True))


def _random_part(key: str) -> str:
    """Forgives case, dashes, spaces, a missing prefix, and O for 0, I and L for 1."""
    text = "".join(key.split()).upper()
    text = text.removeprefix(PREFIX.upper()).replace("-", "").translate(_READ_AS)
    part, check = text[:LENGTH], text[LENGTH:]
    if len(text) != LENGTH + _CHECKS or not set(text) <= set(ALPHABET) or check != _check(part):
        raise InvalidKey("This is not a licence key. Check it for typing errors.")
    return part


def _check(part: str) -> str:
    """The number the characters write, modulo a prime: finds every wrong character and every two swapped ones."""
    value = reduce(lambda number, character: (number * 32 + ALPHABET.index(character)) % _PRIME, part, 0)
    return ALPHABET[value >> 5] + ALPHABET[value & 31]
