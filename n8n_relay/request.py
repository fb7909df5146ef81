"""Builds the request to an n8n webhook: everything in it is ours, except the visitor's text and files."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import orjson
from django.core.files.uploadedfile import UploadedFile

from core.codes import Code
from core.crypto import Secret
from core.headers import read_headers
from widgets.types.n8n.connection import N8nConnection

from .events import RelayError

_HEADERS = {"accept": "application/json, text/plain"}

_SHORTEST_SECRET = 8  # characters
_MASK = "•••".encode()

FilePart = tuple[str, tuple[str, "UploadedFile[bytes]", str]]  # ("files", (name, content, media type))


@dataclass(frozen=True, slots=True)
class Target:
    """What a widget's connection amounts to, secrets opened.

    `secret` is "user:password" for basic, a JSON object of names and values for headers.
    """

    url: str = field(repr=False)
    kind: Literal["chat_trigger", "webhook"]
    input_key: str = "chatInput"
    session_key: str = "sessionId"
    auth: Literal["none", "basic", "headers"] = "none"
    secret: Secret | None = None

    @classmethod
    def of(cls, connection: N8nConnection, secret: Secret | None) -> Self:
        return cls(
            url=connection.url,
            kind=connection.kind,
            input_key=connection.input_key,
            session_key=connection.session_key,
            auth=connection.auth,
            secret=secret,
        )


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The arguments of the request, and what of it must be known to read the answer."""

    headers: dict[str, str] = field(repr=False)
    body: dict[str, Any]  # content (JSON), or data and files (multipart)
    asked: dict[str, str]  # the fields by which a workflow that hands the request back is recognised
    hidden: tuple[bytes, ...] = field(repr=False)  # what no answer may show: a Webhook node passes it all on


def build_message(
    target: Target, *, session_id: str, text: str, files: Sequence["UploadedFile[bytes]"], metadata: Mapping[str, Any]
) -> Outgoing:
    """A message of the visitor. Raises RelayError (CREDENTIAL_MISSING, CREDENTIAL_UNREADABLE)."""
    asked = {"action": "sendMessage", target.session_key: session_id, target.input_key: text}
    if not files:
        return _json(target, asked, {"metadata": metadata} if metadata else {})
    extra = {"metadata": orjson.dumps(metadata).decode()} if metadata else {}
    body = {"data": {**extra, **asked}, "files": [_part(file) for file in files]}
    credential = _credential(target)
    return Outgoing({**_HEADERS, **credential}, body, asked, _hidden(target, credential))


def build_history(target: Target, *, session_id: str) -> Outgoing:
    """Asks for the past messages. Must be JSON: sent as multipart it would run the workflow."""
    return _json(target, {"action": "loadPreviousSession", target.session_key: session_id}, {})


def mask(data: bytes, hidden: Sequence[bytes]) -> bytes:
    """`data` with dots for everything hidden. Before it is parsed, so that texts and details alike are clean."""
    for value in hidden:
        data = data.replace(value, _MASK)
    return data


def _hidden(target: Target, credential: Mapping[str, str]) -> tuple[bytes, ...]:
    """The URL, and of each secret header what stands behind "Bearer " or "Basic "."""
    values = {name: value.rpartition(" ")[2] for name, value in credential.items()}
    return target.url.encode(), *(value.encode() for name, value in values.items() if _is_secret(name, value))


def _is_secret(name: str, value: str) -> bool:
    """Not every header is one: an answer may well say "production" or "application/json"."""
    return len(value) >= _SHORTEST_SECRET and (name == "authorization" or any(map(str.isdigit, value)))


def _part(file: "UploadedFile[bytes]") -> FilePart:
    return "files", (file.name or "file", file, file.content_type or "application/octet-stream")


def _json(target: Target, asked: dict[str, str], extra: Mapping[str, Any]) -> Outgoing:
    credential = _credential(target)
    headers = {**_HEADERS, **credential, "content-type": "application/json"}
    return Outgoing(headers, {"content": orjson.dumps({**extra, **asked})}, asked, _hidden(target, credential))


def _credential(target: Target) -> dict[str, str]:
    if target.auth == "none":
        return {}
    if not target.secret:
        raise RelayError(Code.CREDENTIAL_MISSING)
    if target.auth == "basic":
        return {"authorization": "Basic " + base64.b64encode(target.secret.reveal().encode()).decode()}
    try:
        return read_headers(target.secret.reveal())
    except ValueError as error:
        raise RelayError(Code.CREDENTIAL_UNREADABLE, str(error)) from None
