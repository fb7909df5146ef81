"""Public ids: a prefix that says what it is, and enough chance that nobody finds one by trying."""

import re
import secrets
import string

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_LENGTH = 22  # 62**22 > 2**130
_RANDOM_PART = re.compile(rf"[0-9A-Za-z]{{{_LENGTH}}}")


def new_id(prefix: str) -> str:
    """`new_id("wgt")` gives `wgt_` and 22 random base62 characters."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_id(prefix: str, value: object) -> bool:
    """Whether the value has the form that `new_id(prefix)` gives."""
    if not isinstance(value, str) or not value.startswith(f"{prefix}_"):
        return False
    return _RANDOM_PART.fullmatch(value, len(prefix) + 1) is not None
