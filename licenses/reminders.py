"""Reminders of a licence's end: two weeks and three days before, on the day, and when its grace is over.

Rows first, mails from them: a row can be there only once, so that a reminder is sent once, however often this runs.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.brandmail import is_final
from licenses.mailing import mail_holders
from licenses.models import License, QuotaWarning, Reminder
from licenses.services.common import tell_webhooks
from licenses.states import State, derive, valid_until

log = logging.getLogger(__name__)

LATE: Final = timedelta(days=7)  # a reminder that could not be sent for a week is no reminder
_EVENTS: Final = {
    Reminder.Kind.TWO_WEEKS: "license.expiring",
    Reminder.Kind.THREE_DAYS: "license.expiring",
    Reminder.Kind.ENDED: "license.expired",
    Reminder.Kind.STOPPED: "license.stopped",
}
_BATCH: Final = 500


def due(license: License, now: datetime) -> Reminder.Kind | None:
    """The reminder to give now: of several that are past, only the last. None of the end on the first day."""
    end, stop = license.expires_at, valid_until(license.facts())
    if end is None or stop is None or license.revoked_at or license.organization_id is None:
        return None
    settled = (license.starts_at or license.created_at) + timedelta(days=1)
    before = [(end - timedelta(days=14), Reminder.Kind.TWO_WEEKS), (end - timedelta(days=3), Reminder.Kind.THREE_DAYS)]
    moments = [(moment, kind) for moment, kind in before if moment > settled]
    moments += [(end, Reminder.Kind.ENDED), (stop, Reminder.Kind.STOPPED)]
    past = [kind for moment, kind in moments if moment <= now]
    return past[-1] if past and now < stop + LATE else None


def note_due(*, now: datetime) -> int:
    """Write the rows of what is due; how many are new. Licences that issue shorter than two weeks get what is left."""
    soon = now + timedelta(days=14)
    ending = License.objects.with_facts().holding().filter(organization__isnull=False, expires_at__lte=soon)
    since = now - timedelta(days=366) - LATE  # grace is a year at most
    noted = set(Reminder.objects.filter(expires_at__gt=since).values_list("license_id", "kind", "expires_at"))
    licenses = ending.filter(expires_at__gt=since).iterator(chunk_size=_BATCH)
    found = ((license, due(license, now)) for license in licenses)
    return sum(_note(lic, kind, now) for lic, kind in found if kind and (lic.pk, kind, lic.expires_at) not in noted)


def send_reminders(*, now: datetime) -> int:
    return _send(Reminder, "reminder", now)


def send_quota_warnings(*, now: datetime) -> int:
    return _send(QuotaWarning, "quota", now)


@transaction.atomic
def _note(license: License, kind: Reminder.Kind, now: datetime) -> bool:
    assert license.expires_at and license.organization  # noqa: S101, PT018 (else `due` names no kind)
    _, is_new = Reminder.objects.get_or_create(
        license=license,
        kind=kind,
        expires_at=license.expires_at,
        defaults={"organization": license.organization, "created_at": now},
    )
    if is_new:
        tell_webhooks(license, _EVENTS[kind])
    return is_new


def _send(model: type[Reminder] | type[QuotaWarning], template: str, now: datetime) -> int:
    """The newest first: those that fail again and again stand behind."""
    waiting = model.objects.filter(mailed_at=None, created_at__gt=now - LATE).order_by("-pk")
    return sum(_try(model, pk, template, now) for pk in list(waiting.values_list("pk", flat=True)[:_BATCH]))


def _try(model: type[Reminder] | type[QuotaWarning], pk: int, template: str, now: datetime) -> bool:
    """One address that a mail server refuses must not hold up everybody else's."""
    try:
        return _send_one(model, pk, template, now)
    except OSError:
        log.exception("A mail could not be sent and waits: %s %s", model.__name__, pk)
        return False


@transaction.atomic
def _send_one(model: type[Reminder] | type[QuotaWarning], pk: int, template: str, now: datetime) -> bool:
    """Under the row's lock, which another worker passes by. A mail that fails for now raises, and stays to be sent."""
    rows = model.objects.select_for_update(skip_locked=True, of=("self",))
    facts = rows.select_related("license__plan", "license__issuer", "license__organization__parent")
    row = facts.filter(pk=pk, mailed_at=None).first()
    if row is None or not _still_true(row, now):
        return False
    try:
        mail_holders(row.license, template, {"row": row} | _standing(row.license, now))
    except OSError as error:
        if not is_final(error):
            raise
        log.exception("A mail is refused for good: %s %s", model.__name__, pk)
    row.mailed_at = now
    row.save(update_fields=["mailed_at"])
    return True


def _still_true(row: Reminder | QuotaWarning, now: datetime) -> bool:
    """It may have waited, and the licence been renewed, revoked or passed on to another reminder."""
    if isinstance(row, QuotaWarning):
        return row.license.revoked_at is None
    return (due(row.license, now), row.license.expires_at) == (row.kind, row.expires_at)


def _standing(license: License, now: datetime) -> dict[str, object]:
    days = (license.expires_at.date() - now.date()).days if license.expires_at else None
    return {"days": days, "suspended": derive(license.facts(), now) is State.SUSPENDED}
