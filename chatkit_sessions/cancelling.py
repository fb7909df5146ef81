"""Ending sessions at OpenAI when a widget, a licence or an organization is stopped, or a site is no longer allowed.

A sweep over live rows rather than an event at each stop: it needs no link from below, misses nothing when the worker
was down, and catches a session that was being made at the very moment.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q
from pydantic import ValidationError

from chatkit_sessions.models import STOPPED, ChatKitSession
from chatkit_sessions.openai import cancel_session
from chatkit_sessions.services import openai_base_url
from core.crypto import Secret, UnsealError
from core.outbound import OutboundError
from licenses.models import License
from widgets.credentials import open_credential
from widgets.services import open_connection

log = logging.getLogger(__name__)

KEEP = timedelta(days=90)
MOST = 500  # sessions in one sweep
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Ending:
    pk: int
    upstream_id: str
    base_url: str
    key: Secret


def cancel_stopped_sessions(*, now: datetime) -> int:
    """How many were cancelled. What fails is tried again on the next sweep, until the session expires by itself."""
    due = ChatKitSession.objects.live(now).filter(
        STOPPED | _on_refused_sites(now), widget__credentials__kind="openai_key"
    )
    # In any order: what fails again and again must not stand before the rest in every sweep.
    rows = due.order_by("?").select_related("widget").prefetch_related("widget__credentials")[:MOST]
    endings = [ending for row in rows if (ending := _prepare(row))]
    cancelled = asyncio.run(_cancel_all(endings)) if endings else []
    return ChatKitSession.objects.filter(pk__in=cancelled).update(cancelled_at=now)


def delete_old_sessions(*, now: datetime) -> int:
    deleted, _ = ChatKitSession.objects.filter(expires_at__lt=now - KEEP).delete()
    return deleted


def _on_refused_sites(now: datetime) -> Q:
    """The live sessions of sites that have left their licence's list. Judged by the session's own site: an identified
    visitor's visit is shared by several."""
    sites = ChatKitSession.objects.live(now).on_sites().order_by()
    pairs = list(sites.values_list("widget__license_id", "origin").distinct())
    licenses = License.objects.filter(pk__in={pk for pk, _ in pairs}).prefetch_related("domain_rules")
    rules = {license.pk: license.rule_set() for license in licenses}
    refused = (Q(widget__license_id=pk, origin=origin) for pk, origin in pairs if rules[pk].check(origin))
    return reduce(or_, refused, Q(pk__in=[]))


def _prepare(session: ChatKitSession) -> Ending | None:
    widget = session.widget
    stored = next((c for c in widget.credentials.all() if c.kind == "openai_key"), None)
    if stored is None:
        return None
    try:
        key = open_credential(stored)
        base_url = openai_base_url(open_connection(widget, widget.draft_connection))
    except (UnsealError, ValidationError):
        log.warning("The key of %s cannot be opened; its sessions end by themselves.", widget.public_id)
        return None
    return Ending(session.pk, session.upstream_id, base_url, key)


async def _cancel_all(endings: list[Ending]) -> list[int]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def cancel(ending: Ending) -> int | None:
        async with gate:
            try:
                done = await cancel_session(base_url=ending.base_url, key=ending.key, session_id=ending.upstream_id)
            except OutboundError:
                return None
        return ending.pk if done else None

    return [pk for pk in await asyncio.gather(*map(cancel, endings)) if pk is not None]
