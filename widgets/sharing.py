"""Links under which a draft is seen without a login: signed, for a while, and revocable."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import record
from core import tokens
from widgets.models import PreviewLink, Widget
from widgets.services import lock_widget

PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
MOST = 20  # live ones of a widget


class TooManyLinks(Exception):
    """The message says what to do."""


@transaction.atomic
def share_preview(*, actor: User | None, widget: Widget, period: str, now: datetime) -> PreviewLink:
    """period: a key of PERIODS. Raises TooManyLinks."""
    current = lock_widget(widget)
    if current.preview_links.live(now).count() >= MOST:
        raise TooManyLinks(f"There are {MOST} links already. Revoke one that is not needed any more.")
    link = PreviewLink.objects.create(
        organization_id=current.organization_id,
        widget=current,
        created_by=actor,
        created_at=now,
        expires_at=now + PERIODS[period],
    )
    _record(actor, link, "preview_link.created", expires_at=link.expires_at.isoformat())
    return link


@transaction.atomic
def revoke_link(*, actor: User | None, link: PreviewLink, now: datetime) -> None:
    """Pages that are open already start no chat any more. Does nothing to one that has ended."""
    if PreviewLink.objects.live(now).filter(pk=link.pk).update(revoked_at=now):
        _record(actor, link, "preview_link.revoked")


def link_token(link: PreviewLink) -> str:
    """What stands in its address. Made anew each time; nothing of it is stored."""
    return tokens.mint("share", {"k": link.public_id})


def find_link(token: str, now: datetime) -> PreviewLink | None:
    """None for what is made up, has expired or was revoked: nobody outside is told which."""
    try:
        claims = tokens.read("share", token, max_age=int(max(PERIODS.values()).total_seconds()))
    except tokens.TokenInvalid:
        return None
    rows = PreviewLink.objects.live(now).select_related("widget__license")
    return rows.filter(public_id=claims["k"]).first()


def _record(actor: User | None, link: PreviewLink, action: str, **details: Any) -> None:
    widget = link.widget
    record(
        action=action,
        actor=actor,
        organization=widget.organization,
        target=widget.public_id,
        link=link.public_id,
        **details,
    )
