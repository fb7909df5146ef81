"""Who is in the frame: the tokens that stand for a page and a visitor, and identity signed by the site owner."""

import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings

from core import tokens
from core.codes import Code
from core.crypto import Secret

# Domain, licence and rates are judged anew by each call: a shorter life would only cut off chats that are open.
PAGE_SECONDS = 12 * 3600
VISITOR_SECONDS = 30 * 24 * 3600
IDENTITY_SECONDS = 3600


class Refused(Exception):
    """Admission said no; `code` says why, `retry_after` (seconds) when it may be tried again."""

    def __init__(self, code: Code, retry_after: float | None = None) -> None:
        super().__init__(code.value)
        self.code, self.retry_after = code, retry_after


@dataclass(frozen=True, slots=True)
class Page:
    """What the server knew when it made the frame's HTML."""

    license_id: str
    widget_id: str
    origin: str | None  # the embedding site; None when the browser did not say
    evidence: str  # "referer" | "none" | "page" (opened on its own) | "dashboard" | "preview"
    editor: int = 0  # preview only: whose configurator it stands in (User.pk)
    version: int = 0  # preview only: a version's number, 0 for the draft
    link: str = ""  # preview only: the shared link by which it was opened (PreviewLink.public_id)
    trial: str = ""  # preview only: what is typed and not saved, see embed/trials.py

    @property
    def is_preview(self) -> bool:
        return self.evidence == "preview"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser in one widget; `key` is what upstreams and our rows know of it."""

    key: str
    anonymous_id: str
    subject: str | None = None  # who it is, as signed by the site owner's server
    session_pk: int = 0
    session_ends: float = 0.0  # unix seconds

    @property
    def identified(self) -> bool:
        return self.subject is not None

    @property
    def has_session(self) -> bool:
        return self.session_ends > time.time()


def mint_page(page: Page) -> str:
    claims: dict[str, Any] = {"l": page.license_id, "w": page.widget_id, "o": page.origin, "e": page.evidence}
    if page.is_preview:
        claims |= {"u": page.editor, "v": page.version, "k": page.link, "t": page.trial}
    return tokens.mint("page", claims)


def read_token(purpose: str, token: str, *, max_age: int) -> dict[str, Any]:
    """Raises Refused."""
    try:
        return tokens.read(purpose, token, max_age=max_age)
    except tokens.TokenExpired:
        raise Refused(Code.TOKEN_EXPIRED) from None
    except tokens.TokenInvalid:
        raise Refused(Code.TOKEN_INVALID) from None


def read_page(token: str) -> Page:
    claims = read_token("page", token, max_age=PAGE_SECONDS)
    seen_by = claims.get("u", 0), claims.get("v", 0), claims.get("k", ""), claims.get("t", "")
    return Page(claims["l"], claims["w"], claims["o"], claims["e"], *seen_by)


def mint_visitor(widget_id: str, visitor: Visitor) -> str:
    claims = {
        "w": widget_id,
        "a": visitor.anonymous_id,
        "k": visitor.key if visitor.identified else "",
        "p": visitor.session_pk,
        "x": visitor.session_ends,
    }
    return tokens.mint("visitor", claims)


def read_visitor(widget_id: str, token: str, subject: str | None) -> Visitor:
    """The visitor of this request. A token that is missing, foreign or expired makes a new one, never an error."""
    claims: dict[str, Any] = {}
    if token:
        try:
            claims = tokens.read("visitor", token, max_age=VISITOR_SECONDS)
        except tokens.TokenInvalid:
            claims = {}
    if claims.get("w") != widget_id:
        claims = {}
    anonymous = claims.get("a") or secrets.token_urlsafe(16)
    key = visitor_key(widget_id, f"sub|{subject}" if subject else f"anon|{anonymous}")
    if (claims.get("k") or "") != (key if subject else ""):  # signed in, out, or as somebody else: another session
        anonymous = anonymous if subject else secrets.token_urlsafe(16)
        key = key if subject else visitor_key(widget_id, f"anon|{anonymous}")
        return Visitor(key, anonymous, subject)
    return Visitor(key, anonymous, subject, claims.get("p", 0), float(claims.get("x", 0.0)))


def visitor_key(widget_id: str, who: str) -> str:
    """What stands for a visitor outside: nobody can choose it, and it says nothing. 32 hex digits."""
    return hmac.new(settings.TOKEN_KEY.encode(), f"visitor|{widget_id}|{who}".encode(), "sha256").hexdigest()[:32]


def conversation_key(visitor: Visitor, widget_id: str, conversation: str) -> str:
    """The upstream's id of a conversation: whoever knows it could read it, so it is bound to its visitor."""
    return visitor_key(widget_id, f"conversation|{visitor.key}|{conversation}")


def read_identity(token: str, *, secret: Secret, widget_id: str) -> str:
    """The subject that the site owner's server signed (RFC 7519, HS256): `aud` = widget id, `sub`, `exp` ≤ 1 h."""
    try:
        claims = jwt.decode(
            token,
            secret.reveal(),
            algorithms=["HS256"],
            audience=widget_id,
            leeway=30,
            options={"require": ["exp", "sub", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise Refused(Code.IDENTITY_EXPIRED) from None
    except jwt.PyJWTError:
        raise Refused(Code.IDENTITY_INVALID) from None
    if claims["exp"] > time.time() + IDENTITY_SECONDS + 30 or not claims["sub"]:
        raise Refused(Code.IDENTITY_INVALID)
    return str(claims["sub"])


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
