"""The header Idempotency-Key: a write that is sent again is answered as before, and not done again."""

import json
import re
from typing import Final

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import idempotency
from accounts.models import IdempotentAnswer, Organization
from core.api import Conflict, Unprocessable
from core.digests import digest

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
_KEY: Final = re.compile(rf"[\x21-\x7e]{{1,{idempotency.LONGEST_KEY}}}")
_KEPT_HEADERS: Final = ("ETag",)


class Repeated(Exception):
    """It was done before; this was the answer."""

    def __init__(self, stored: idempotency.Stored) -> None:
        super().__init__()
        self.stored = stored

    def response(self) -> Response:
        headers = self.stored.body["headers"] | {REPLAYED: "true"}
        return Response(self.stored.body["data"], status=self.stored.status, headers=headers)


def key_of(request: Request) -> str | None:
    """Raises ValidationError."""
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise ValidationError({HEADER: ["Give 1 to 255 printable ASCII characters without spaces."]})
    return key


def begin(request: Request, organization: Organization) -> IdempotentAnswer | None:
    """None: the call has no key. Raises Repeated, Conflict, Unprocessable, ValidationError."""
    key = key_of(request)
    if key is None:
        return None
    endpoint = f"{request.method} {request.path}"
    if len(endpoint) > 200:
        endpoint = digest("endpoint", endpoint)
    try:
        row = idempotency.begin(
            organization=organization, endpoint=endpoint, key=key, body=request.body, now=timezone.now()
        )
    except idempotency.InProgress:
        raise Conflict("The same call is being done right now.", "idempotency_in_progress") from None
    except idempotency.KeyReused:
        raise Unprocessable("This Idempotency-Key was used for a different body.", "idempotency_key_reused") from None
    if isinstance(row, idempotency.Stored):
        raise Repeated(row)
    return row


def finish(row: IdempotentAnswer | None, response: HttpResponseBase) -> None:
    if row is None:
        return
    if not isinstance(response, Response):
        give_up(row)
        return
    data = None if response.data is None else json.loads(JSONRenderer().render(response.data))
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    idempotency.finish(row, status=response.status_code, body={"data": data, "headers": headers})


def give_up(row: IdempotentAnswer | None) -> None:
    if row is not None:
        idempotency.give_up(row)
