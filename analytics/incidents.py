"""Telling a widget's owner what went wrong: the upstream's own words, which visitors never see."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from analytics.models import Incident
from core.batch import BatchWriter, each_alone
from core.codes import Code
from core.logs import redact


@dataclass(frozen=True, slots=True)
class Report:
    organization_id: int
    widget_id: int
    code: str
    detail: str
    at: datetime


@each_alone
@transaction.atomic
def write_reports(reports: list[Report]) -> None:
    for report in sorted(reports, key=lambda report: (report.widget_id, report.code)):  # as add_counts does
        if not _add(report):
            row = Incident(
                organization_id=report.organization_id,
                widget_id=report.widget_id,
                code=report.code,
                detail=report.detail,
                count=0,
                first_at=report.at,
            )
            Incident.objects.bulk_create([row], ignore_conflicts=True)  # another process may make it now
            _add(report)


def _add(report: Report) -> int:
    rows = Incident.objects.filter(widget_id=report.widget_id, code=report.code)
    return rows.update(count=F("count") + 1, detail=report.detail, last_at=report.at)


writer: BatchWriter[Report] = BatchWriter(write_reports, max_delay=0.5)


def report(organization_id: int, widget_id: int, code: Code, detail: str = "") -> None:
    words = redact(detail.replace("\0", ""))[:500]  # PostgreSQL takes no NUL, and would refuse the others' reports too
    writer.put(Report(organization_id, widget_id, code.value, words, datetime.now(UTC)))
