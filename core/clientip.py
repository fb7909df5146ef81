"""Whose request it is, by address. Headers count only as far as proxies of ours have written them."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings


def client_ip(meta: Mapping[str, Any]) -> str:
    """The visitor's address out of `request.META`; "" where there is none (a Unix socket without proxies).

    Each of the TRUSTED_PROXIES appends the address it was called from to X-Forwarded-For, so the visitor's is that
    many entries from the end; everything before it is hearsay. A header that is too short or unreadable did not come
    through all proxies, and then only the connection itself is believed.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        entries = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = _parse(entries[-proxies]) if len(entries) >= proxies else None
        if address:
            return str(address)
    address = _parse(meta.get("REMOTE_ADDR", ""))
    return str(address) if address else ""


def ip_prefix(ip: str) -> str:
    """The unit of a rate limit: a v4 address, or the /64 that one v6 household can roam in."""
    address = _parse(ip)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address) if address else ""


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    return _read(text) if len(text) < 64 else None  # what is remembered must stay small


@lru_cache(4096)  # the same few addresses come again; reading one costs as much as deciding a rate limit
def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Reads `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]:443`; a v4 address in v6 clothes becomes v4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
