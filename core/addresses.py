"""Which URLs, hosts and addresses a tenant may make us call: https to public ones. No network access here.

Sources: the IANA special-purpose registries (iana-ipv4-special-registry, iana-ipv6-special-registry) and RFC 6761.
"""

import ipaddress
import re

from django.conf import settings

_PORTS = {443, 5678, 8443}  # https, n8n's own, the usual second choice
# `is_global` of Python 3.11 lets some of these pass; newer ones differ again. So both must agree.
_PRIVATE = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; also Alibaba's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public number, yet every Azure machine's own host
        "169.254.0.0/16",  # link-local: the metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "3fff::/20",
    )
)
# Everything public in IPv6 lies here; outside are mapped, compatible, NAT64, site-, link- and unique-local, multicast.
_UNICAST = ipaddress.ip_network("2000::/3")

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")  # one label alone is a machine of the local network
_LOCAL_SUFFIXES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "in-addr.arpa",
    "ip6.arpa",
    "svc",
    "onion",
    "instance-data.ec2.amazonaws.com",
)


def is_allowed(host: str, port: int) -> bool:
    """Whether the operator named exactly this host and port in OUTBOUND_ALLOW; for development and tests."""
    return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") in settings.OUTBOUND_ALLOW


def url_refusal(*, scheme: str, host: str, port: int) -> str | None:
    """Why a tenant may not have this URL, as a sentence for the admin, or None. Asks no name server.

    `host` as it would be connected to: lower case, in ASCII, IPv6 without brackets.
    """
    if scheme not in ("http", "https") or not host:
        return "The URL must begin with https:// and name a host."
    if is_allowed(host, port):
        return None
    if reason := _host_refusal(host):
        return reason
    if scheme != "https":
        return "The URL must begin with https://."
    return None if port in _PORTS else "The port must be 443, 5678 or 8443."


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public internet. Anything that is not an address does not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    unicast = ip.version == 4 or ip in _UNICAST
    return ip.is_global and unicast and not any(ip in block for block in _PRIVATE)


def _host_refusal(host: str) -> str | None:
    """A name that passes is judged again by the address it leads to, when the connection is made."""
    if ":" in host or _ends_in_number(host):
        return None if is_public(host) else "This address is private or reserved. Enter one that the internet reaches."
    if not _NAME.fullmatch(host) or any(host == local or host.endswith(f".{local}") for local in _LOCAL_SUFFIXES):
        return "This name belongs to a local network. Enter one that the internet reaches."
    return None


def _ends_in_number(host: str) -> bool:
    """URL parsers read such a host as an IPv4 address, in forms like 127.1 and 0x7f000001 (WHATWG URL, 3.5)."""
    last = host.removesuffix(".").rpartition(".")[2]
    return last.isdecimal() or last.startswith("0x")
