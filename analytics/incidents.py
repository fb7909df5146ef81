"""Telling a widget's owner what went wrong: the upstream's own words, which visitors never see."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from analytics.models import Incident
from core.batch import BatchWriter
from core.codes import Code
from core.logs import redact


@dataclass(frozen=True, slots=True)
class Report:
    organization_id: int
    widget_id: int
    code: str
    detail: str
    at: datetime


def write_reports(reports: list[Report]) -> None:
    for report in reports:
        try:
            _write(report)
        except IntegrityError:  # the widget is gone, or another process made the row just now
            _add(report)


@transaction.atomic
def _write(report: Report) -> None:
    if not _add(report):
        Incident.objects.create(
            organization_id=report.organization_id,
            widget_id=report.widget_id,
            code=report.code,
            detail=report.detail,
            first_at=report.at,
            last_at=report.at,
        )


def _add(report: Report) -> int:
    rows = Incident.objects.filter(widget_id=report.widget_id, code=report.code)
    return rows.update(count=F("count") + 1, detail=report.detail, last_at=report.at)


writer: BatchWriter[Report] = BatchWriter(write_reports, max_delay=0.5)


def report(organization_id: int, widget_id: int, code: Code, detail: str = "") -> None:
    writer.put(Report(organization_id, widget_id, code.value, redact(detail)[:500], datetime.now(UTC)))
