"""One call, undone at once, and what of its answer may not differ."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.fakes.serve import Served
from tests.matrix.watch import Traces, watched

# New in every answer: nonces, CSRF tokens; ids, secrets and tokens of what it made; the time.
_VARIES = re.compile(
    rb'nonce="?-?[\w+/=-]+"?|csrfmiddlewaretoken" value="\w+|data-csrf="\w+|"csrf": ?"\w+'
    rb"|whsec_[\w+/=-]+|cd[tk]_[\w-]+|v1\.[\w.-]{40,}|[\w-]{20,}:\w+:[\w-]{20,}"
    rb'|\b[a-z]{3}_[0-9A-Za-z]{22}\b|name="once" value="\w+|\b\d\d?:\d\d\b|\b\d+ ms\b|"ms": ?\d+'
)


def send(
    client: Client,
    upstreams: Served,
    method: str,
    path: str,
    body: bytes,
    content_type: str,
    headers: dict[str, str] | None = None,
) -> tuple[HttpResponse, Traces]:
    client.cookies.pop("messages", None)  # what the call before had to say
    with watched(upstreams) as traces, transaction.atomic():
        response = client.generic(method, path, body, content_type, headers=headers or {})
        if response.streaming and not response.is_async:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response, traces


def bytes_of(response: HttpResponse, sent: Iterable[str] = ()) -> bytes:
    """Where the answer repeats its own address, or the ids that were `sent`, these stand for themselves."""
    body = b"" if response.streaming else response.content
    text = body + response.get("Location", "").encode()
    for own in (response.request["PATH_INFO"], *sorted(sent, key=len, reverse=True)):
        text = text.replace(own.encode(), b"<sent>")
    return _VARIES.sub(b"", text)
