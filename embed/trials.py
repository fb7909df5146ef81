"""What an admin has typed and not saved, for a test chat: sealed for one widget and one person, good for ten minutes.

It comes in once over the admin's own session and goes back to her browser as a token that nobody can read; the chat's
frame sends it along in its page token. Nothing of it is stored here. Secrets and connection are opened as stored ones
are: by the one upstream call that needs them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import tokens
from core.codes import Code
from core.crypto import seal
from embed.snapshot import SealedCredential
from embed.visitors import Page, Refused
from widgets.models import Widget, connection_context, credential_context

SECONDS = 600
LONGEST = 5000  # characters of a token: in the page token it grows by a third, and proxies take headers of up to 8 KB


class TooLong(Exception):
    """What was typed does not go into a header."""


@dataclass(frozen=True, slots=True)
class Trial:
    connection: str  # sealed
    credentials: Mapping[str, SealedCredential]


def mint_trial(*, widget: Widget, editor: int, connection: Any, secrets: Mapping[str, str]) -> str:
    """secrets: kind → text; empty ones are left out, so that the stored ones serve. Raises TooLong."""
    owner = _owner(widget.public_id, editor)
    sealed = {
        kind: seal(secret, context=credential_context(widget.organization_id, owner, kind))
        for kind, secret in secrets.items()
        if secret
    }
    claims = {
        "w": widget.public_id,
        "u": editor,
        "c": seal(connection.model_dump_json(), context=connection_context(widget.public_id)),
        "s": sealed,
    }
    token = tokens.mint("trial", claims)
    if len(token) > LONGEST:
        raise TooLong
    return token


def read_trial(page: Page) -> Trial | None:
    """None without one. Raises Refused for what was not typed by the person and for the widget of this preview.

    Never TOKEN_EXPIRED: the frame would load itself anew, which brings nothing.
    """
    if not page.trial:
        return None
    try:
        claims = tokens.read("trial", page.trial, max_age=SECONDS)
    except tokens.TokenInvalid:
        raise Refused(Code.TOKEN_INVALID) from None
    if (claims["w"], claims["u"], 0) != (page.widget_id, page.editor, page.version):
        raise Refused(Code.TOKEN_INVALID)
    owner = _owner(page.widget_id, page.editor)
    return Trial(claims["c"], {kind: SealedCredential(owner, sealed) for kind, sealed in claims["s"].items()})


def _owner(widget_id: str, editor: int) -> str:
    """Stands where a stored credential has its id: sealed for this, it opens nowhere else."""
    return f"trial|{widget_id}|{editor}"
