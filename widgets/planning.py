"""Publishing later.

What goes live is the draft as it was when the time was set, not as it is then: a draft is stored with every key that is
pressed, so at nine o'clock on Monday it may be half of a colleague's next idea, and nobody would be there to see. Who
wants a later change to go along plans anew; the pages say so.
"""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import User
from widgets.models import PlannedPublication, Widget
from widgets.services import NotReady, lock_widget, publish_content, refuse_stale, tell, what_is_missing

log = logging.getLogger(__name__)

FARTHEST = timedelta(days=366)
BROKEN = "Something went wrong on our side. Publish it by hand, or schedule it again."


class WrongTime(ValueError):
    """The text says what to choose instead."""


@transaction.atomic
def plan_publication(
    *,
    actor: User | None,
    widget: Widget,
    at: datetime,
    zone: str,
    note: str = "",
    revision: int | None = None,
    now: datetime,
) -> PlannedPublication:
    """Have the draft, as it is now, published later; a plan that is waiting is replaced. `zone`: the IANA name under
    which the person reads the time. `revision`: which the draft must still be of. Raises WrongTime, NotReady,
    StaleDraft."""
    if not now < at <= now + FARTHEST:
        raise WrongTime("Choose a time that is to come, at most a year from now.")
    current = lock_widget(widget)
    refuse_stale(current, revision)
    if problems := what_is_missing(current):
        raise NotReady(problems)
    _end(current, PlannedPublication.Outcome.CANCELLED, now)
    plan = PlannedPublication.objects.create(
        organization_id=current.organization_id,
        widget=current,
        publish_at=at,
        zone=zone,
        configuration=current.draft,
        connection=current.draft_connection,
        note=note,
        planned_by=actor,
        planned_at=now,
    )
    tell(actor, current, "widget.publication_planned", at=at.isoformat())
    return plan


@transaction.atomic
def cancel_plan(*, actor: User | None, widget: Widget, now: datetime) -> bool:
    """Whether one was waiting."""
    current = lock_widget(widget)
    cancelled = _end(current, PlannedPublication.Outcome.CANCELLED, now)
    if cancelled:
        tell(actor, current, "widget.publication_cancelled")
    return cancelled


def publish_due(*, now: datetime) -> int:
    """How many versions were made. Each plan is carried out once, by whoever gets hold of its widget first."""
    done = 0
    for plan in PlannedPublication.objects.due(now).select_related("widget").order_by("publish_at"):
        try:
            done += _carry_out(plan, now)
        except (InterfaceError, OperationalError):  # the database is away, or somebody holds the row: next time
            log.warning("A planned publication of %s waits", plan.widget.public_id, exc_info=True)
        except Exception:
            log.exception("A planned publication of %s failed", plan.widget.public_id)
            _fail(plan, [BROKEN], now)
    return done


@transaction.atomic
def _carry_out(plan: PlannedPublication, now: datetime) -> bool:
    widget = lock_widget(plan.widget)
    if not widget.plans.waiting().filter(pk=plan.pk).exists():
        return False  # another worker was faster, or somebody has cancelled it
    try:
        with transaction.atomic():
            publish_content(
                actor=plan.planned_by,
                widget=widget,
                configuration=plan.configuration,
                connection=plan.connection,
                note=plan.note,
            )
    except NotReady as error:
        _fail(plan, error.problems, now)
        return False
    _end(widget, PlannedPublication.Outcome.PUBLISHED, now)
    return True


@transaction.atomic
def _fail(plan: PlannedPublication, problems: list[str], now: datetime) -> None:
    widget = lock_widget(plan.widget)
    if _end(widget, PlannedPublication.Outcome.FAILED, now, " ".join(problems)):
        tell(None, widget, "widget.publication_failed", problems=problems)


def _end(widget: Widget, outcome: PlannedPublication.Outcome, now: datetime, problem: str = "") -> bool:
    """Ends the widget's waiting plan, if there is one. What it would have published is not kept twice."""
    ended = {"outcome": outcome, "ended_at": now, "problem": problem, "connection": ""}
    return bool(widget.plans.waiting().update(**ended))
