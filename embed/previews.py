"""The configurator's preview: the real frame page of a draft, for the admin who edits it, read anew each time.

The dashboard asks for a token (`mint_preview`) and puts it into the address of an iframe; the page token in that frame
says "preview", so the frame's calls use the draft too. Both end when the admin leaves the organization.
"""

from dataclasses import dataclass, replace

from django.conf import settings

from accounts.models import Membership
from accounts.permissions import Permission
from core import tokens
from core.codes import Code
from embed.database import Unavailable, ask
from embed.snapshot import Edition, Snapshot, take_snapshot
from embed.visitors import Page, Refused
from licenses.models import License
from widgets.models import Widget
from widgets.types.languages import LANGUAGES

SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """What the preview's toolbar changes of the page itself; "" as configured."""

    language: str = ""
    direction: str = ""


def mint_preview(*, license_id: str, widget_id: str, editor: int, version: int = 0) -> str:
    """version: a published version's number, 0 for the draft."""
    return tokens.mint("preview", {"l": license_id, "w": widget_id, "u": editor, "v": version})


def read_preview(token: str) -> Page:
    """Raises Refused."""
    try:
        claims = tokens.read("preview", token, max_age=SECONDS)
    except tokens.TokenExpired:
        raise Refused(Code.TOKEN_EXPIRED) from None
    except tokens.TokenInvalid:
        raise Refused(Code.TOKEN_INVALID) from None
    return Page(claims["l"], claims["w"], settings.DASHBOARD_URL, "preview", claims["u"], claims["v"])


async def find(page: Page, widget_type: str | None = None, look: Look | None = None) -> Snapshot | None:
    """The draft or version that a preview shows; None where it is gone or of another type. Raises Refused."""
    try:
        snapshot = await ask(load, page, look or Look())
    except Unavailable:
        raise Refused(Code.UNAVAILABLE) from None
    return snapshot if snapshot and widget_type in (None, snapshot.type.id) else None


def load(page: Page, look: Look) -> Snapshot | None:
    license = License.objects.with_facts().filter(public_id=page.license_id).first()
    if license is None:
        return None
    widget = license.widgets.with_state().filter(public_id=page.widget_id).first()
    if widget is None or not _may_see(page.editor, widget):
        return None
    widget.enabled = True  # a widget that is switched off is edited all the same
    edition = _edition(widget, page.version)
    snapshot = take_snapshot(license, widget, edition and _seen(edition, look))
    # What else the plan would have to include is told before publishing.
    return replace(snapshot, entitled=license.has(widget.type.feature))


def _may_see(editor: int, widget: Widget) -> bool:
    own = Membership.objects.filter(
        user_id=editor, organization_id=widget.organization_id, user__is_active=True
    ).first()
    return own is not None and own.may(Permission.WIDGET_EDIT)


def _edition(widget: Widget, version: int) -> Edition | None:
    if version == 0:
        return Edition.of_draft(widget)
    return Edition.of_version(widget.versions.filter(number=version).first())


def _seen(edition: Edition, look: Look) -> Edition:
    chosen = {"language": look.language} if look.language in LANGUAGES else {}
    if look.direction:
        chosen["direction"] = look.direction
    visitors = {**edition.configuration.get("visitors", {}), **chosen}
    return Edition(edition.number, {**edition.configuration, "visitors": visitors}, edition.connection)
