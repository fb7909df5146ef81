"""One call, undone at once, and what of its answer may not differ."""

import re

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.fakes.serve import Served
from tests.matrix.watch import Traces, watched

# New in every answer: nonces, CSRF tokens.
_VARIES = re.compile(rb'nonce="?-?[\w+/=-]+"?|csrfmiddlewaretoken" value="\w+|data-csrf="\w+|"csrf": ?"\w+')


def send(
    client: Client,
    upstreams: Served,
    method: str,
    path: str,
    body: bytes,
    content_type: str,
    headers: dict[str, str] | None = None,
) -> tuple[HttpResponse, Traces]:
    with watched(upstreams) as traces, transaction.atomic():
        response = client.generic(method, path, body, content_type, headers=headers or {})
        if response.streaming and not response.is_async:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response, traces


def bytes_of(response: HttpResponse) -> bytes:
    """Where the answer repeats its own address, that stands for itself."""
    path = response.request["PATH_INFO"]
    body = b"" if response.streaming else _VARIES.sub(b"", response.content.replace(path.encode(), b"<path>"))
    return body + response.get("Location", "").replace(path, "<path>").encode()
