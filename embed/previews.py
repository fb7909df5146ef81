"""The configurator's preview: the real frame page of a draft, for the admin who edits it, read anew each time.

The dashboard asks for a token (`mint_preview`) and puts it into the address of an iframe; the page token in that frame
says "preview", so the frame's calls use the draft too. Both end when the admin leaves the organization. A shared link
(widgets/sharing.py) opens the same page for whoever has it, until it ends.
"""

from dataclasses import dataclass, replace

import jwt
from django.conf import settings
from django.utils import timezone

from accounts.access import find_membership
from accounts.models import User
from accounts.permissions import Permission
from core import tokens
from core.codes import Code
from embed.database import Unavailable, ask
from embed.snapshot import Edition, SealedCredential, Snapshot, take_snapshot
from embed.trials import Trial, read_trial
from embed.visitors import Page, Refused, read_token
from licenses.models import License
from widgets.models import PreviewLink, Widget
from widgets.services import led_away
from widgets.types.languages import LANGUAGES, PSEUDO

SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """What the preview's toolbar changes of the page itself; "" as configured."""

    language: str = ""
    direction: str = ""


def mint_preview(
    *, license_id: str, widget_id: str, editor: int = 0, version: int = 0, link: str = "", dashboard: str = ""
) -> str:
    """version: a published version's number, 0 for the draft; link: the shared one it is opened by, instead of an
    editor; dashboard: the origin of the one that may frame it, the platform's by default."""
    claims = {"l": license_id, "w": widget_id, "u": editor, "v": version, "k": link, "d": dashboard}
    return tokens.mint("preview", claims)


def sign_visitor(widget: Widget, secret: str) -> str:
    """An identified visitor, as the site's server would make one: see visitors.read_identity."""
    claims = {"aud": widget.public_id, "sub": "preview", "exp": int(timezone.now().timestamp()) + 3600}
    return jwt.encode(claims, secret, algorithm="HS256")


def read_preview(token: str) -> Page:
    """Raises Refused."""
    claims = read_token("preview", token, max_age=SECONDS)
    seen_by = claims["u"], claims["v"], claims.get("k", "")
    return Page(claims["l"], claims["w"], claims.get("d") or settings.DASHBOARD_URL, "preview", *seen_by)


async def find(page: Page, widget_type: str | None = None, look: Look | None = None) -> Snapshot | None:
    """The draft or version that a preview shows; None where it is gone or of another type. Raises Refused."""
    trial = read_trial(page)
    try:
        snapshot = await ask(load, page, look or Look(), trial)
    except Unavailable:
        raise Refused(Code.UNAVAILABLE) from None
    return snapshot if snapshot and widget_type in (None, snapshot.type.id) else None


def load(page: Page, look: Look, trial: Trial | None = None) -> Snapshot | None:
    license = License.objects.with_facts().filter(public_id=page.license_id).first()
    if license is None:
        return None
    widget = license.widgets.with_state().filter(public_id=page.widget_id).first()
    if widget is None or not _may_see(page, widget, trial):
        return None
    widget.enabled = True  # a widget that is switched off is edited all the same
    edition = Edition(0, widget.draft, trial.connection) if trial else _edition(widget, page.version)
    snapshot = take_snapshot(license, widget, edition and _seen(edition, look))
    credentials = {**_usable(widget, snapshot), **(trial.credentials if trial else {})}
    # What else the plan would have to include is told before publishing.
    return replace(snapshot, entitled=license.has(widget.type.feature), credentials=credentials)


def _usable(widget: Widget, snapshot: Snapshot) -> dict[str, SealedCredential]:
    """The stored secrets go to where they are sent anyway, whatever somebody types."""
    away = led_away(widget, snapshot.show.connection) if snapshot.show else {}
    return {kind: sealed for kind, sealed in snapshot.credentials.items() if kind not in away}


def _may_see(page: Page, widget: Widget, trial: Trial | None) -> bool:
    if page.link:
        return PreviewLink.objects.live(timezone.now()).filter(widget=widget, public_id=page.link).exists()
    user = User.objects.filter(pk=page.editor, is_active=True).first()
    own = find_membership(user, widget.organization) if user else None
    return own is not None and own.may(Permission.CREDENTIAL_SET if trial else Permission.WIDGET_EDIT)


def _edition(widget: Widget, version: int) -> Edition | None:
    if version == 0:
        return Edition.of_draft(widget)
    past = widget.versions.filter(number=version).first()
    # Reached as the draft is: the secrets are today's, and whom a past version called may be a stranger by now.
    return Edition(past.number, past.configuration, widget.draft_connection) if past else None


def _seen(edition: Edition, look: Look) -> Edition:
    chosen = {"language": look.language} if look.language in {*LANGUAGES, PSEUDO} else {}
    if look.direction:
        chosen["direction"] = look.direction
    visitors = {**edition.configuration.get("visitors", {}), **chosen}
    return Edition(edition.number, {**edition.configuration, "visitors": visitors}, edition.connection)
