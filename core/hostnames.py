"""Host names as browsers write them: ASCII, lower case, no dot at the end."""

import re
from ipaddress import AddressValueError, IPv4Address

import idna

MAX_HOST = 253  # characters, RFC 1035 without the root's dot

# What a CSP source may name: outer hyphens, which browsers open though host names proper have none, but no underscore.
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def is_host(text: str) -> bool:
    return len(text) <= MAX_HOST and _HOST.fullmatch(text) is not None


def is_numeric(host: str) -> bool:
    """Whether a browser reads the host as an IPv4 address, however odd (`0x7f.1`): its last label is a number.

    Source: the URL Standard's "ends in a number" checker.
    """
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def is_ipv4(host: str) -> bool:
    """Whether the host is an IPv4 address in the one form browsers write."""
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def to_ascii(host: str) -> str:
    """`München.de` → `xn--mnchen-3ya.de`, by UTS 46, non-transitional (ß stays ß), as browsers do.

    ASCII labels pass as they are: IDNA refuses some that browsers open. Raises UnicodeError.
    """
    if not host.isascii():
        host = idna.uts46_remap(host, std3_rules=False, transitional=False)
    labels = host.lower().split(".")
    return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)


def to_unicode(host: str) -> str:
    """`xn--mnchen-3ya.de` → `münchen.de`. A label that IDNA refuses (an emoji) stays as it is."""
    return ".".join(_label_to_unicode(label) for label in host.split("."))


def _label_to_unicode(label: str) -> str:
    try:
        return idna.ulabel(label)
    except UnicodeError:
        return label
