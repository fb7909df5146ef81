"""TXT records, asked of the operator's resolver over HTTPS, in the JSON that Cloudflare, Google and others speak
(https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/). Nobody between us and
the resolver can write an answer, as plain DNS would let them.
"""

import re
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings

from core import outbound
from core.codes import Code

_TXT = 16
_NOERROR, _NXDOMAIN = 0, 3
_DEADLINE = 5.0  # seconds
_MAX_BYTES = 64 * 1024
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


async def txt_records(name: str) -> list[str]:
    """The texts at a name; none where there is no such name. Raises OutboundError when it could not be found out."""
    url = f"{settings.DNS_URL}?{urlencode({'name': name, 'type': 'TXT'})}"
    headers = {"accept": "application/dns-json"}
    answer = await outbound.send(
        outbound.provider(), "GET", url, headers=headers, deadline=_DEADLINE, max_bytes=_MAX_BYTES
    )
    try:
        return _texts(orjson.loads(answer.body if answer.status == 200 else b""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise outbound.OutboundError(Code.UPSTREAM_MALFORMED, "The name server gave no clear answer.") from None


def _texts(answer: dict[str, Any]) -> list[str]:
    if answer["Status"] == _NXDOMAIN:
        return []
    if answer["Status"] != _NOERROR:
        raise ValueError(answer["Status"])
    return [_text(record["data"]) for record in answer.get("Answer", []) if record["type"] == _TXT]


def _text(data: str) -> str:
    """A record of more than 255 bytes is several strings, to be read as one. Some servers leave the quotes out."""
    parts = _QUOTED.findall(data)
    return re.sub(r"\\(.)", r"\1", "".join(parts)) if parts else data
