"""The way to a host, and why it ends where it does: sentences for the admin, none of which carries an address."""

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from core.addresses import is_public

NAME_UNKNOWN: Final = "The host’s name leads nowhere: there is no such name."
NAME_UNANSWERED: Final = "The name server gives no answer for the host’s name."
NOT_PUBLIC: Final = "The host’s name leads to a private or reserved address."
REFUSED: Final = "The host refuses the connection: nothing listens on this port."
UNREACHABLE: Final = "The host cannot be reached."
NO_TLS: Final = "What listens there does not speak https."
BAD_CERTIFICATE: Final = "The host has no certificate that is valid for its name."
_NOBODY_VOUCHES = "The certificate is from an authority that is not known here, or a part of its chain is missing."
_WRONG_HOST = "The certificate is for another host."
# X509_V_ERR_… of OpenSSL (x509_vfy.h)
_CERTIFICATE_FAULTS = {
    9: "The certificate is not valid yet.",
    10: "The certificate has expired.",
    18: "The certificate is self-signed.",
    19: _NOBODY_VOUCHES,
    20: _NOBODY_VOUCHES,
    21: _NOBODY_VOUCHES,
    62: _WRONG_HOST,
    64: _WRONG_HOST,
}
TLS_FAULTS: Final = {NO_TLS, BAD_CERTIFICATE, *_CERTIFICATE_FAULTS.values()}

_threads = ThreadPoolExecutor(32, "dns")  # a tenant's slow name server must not hold up everybody else's look-ups


class NotPublic(PermissionError):
    """The address is one of a network that a tenant may not make us call."""


async def look_up(host: str, port: int, family: int = socket.AF_UNSPEC) -> list[tuple[Any, ...]]:
    """What getaddrinfo gives. Raises socket.gaierror."""
    ask = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return await asyncio.get_running_loop().run_in_executor(_threads, ask)


async def find(host: str, port: int, *, exempt: bool) -> None:
    """Raises socket.gaierror, and NotPublic unless `exempt`. Connects to nothing."""
    try:
        async with asyncio.timeout(5):
            found = await look_up(host, port)
    except TimeoutError:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer in time") from None
    if not exempt and not any(is_public(str(address[0])) for *_, address in found):
        raise NotPublic


def reason_of(fault: BaseException | None) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE_FAULTS.get(fault.verify_code, BAD_CERTIFICATE)
        case ssl.SSLError():
            return NO_TLS
        case socket.gaierror():
            return NAME_UNANSWERED if fault.errno == socket.EAI_AGAIN else NAME_UNKNOWN
        case NotPublic():
            return NOT_PUBLIC
        case ConnectionRefusedError():
            return REFUSED
    return UNREACHABLE
