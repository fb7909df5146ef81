from typing import cast

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import AuditEvent
from accounts.permissions import Permission
from accounts.services import record
from core.csvfile import csv_stream
from core.lists import Shown


@require_safe
@organization_view(Permission.AUDIT_READ)
def log(request: OrganizationRequest) -> HttpResponse:
    shown = _shown(request)
    rows = [(event, audit.in_words(event.action), list(audit.changes(event.details))) for event in shown]
    return render(request, "accounts/audit.html", {"list": shown, "rows": rows})


@require_safe
@organization_view(Permission.AUDIT_READ)
def export(request: OrganizationRequest) -> StreamingHttpResponse:
    """What the page shows with the same address, all of it."""
    events = cast("QuerySet[AuditEvent]", _shown(request).page.paginator.object_list)
    record(action="audit.exported", actor=request.user, organization=request.organization)
    return csv_stream("audit", audit.HEAD, lambda after: audit.read_batch(events, after))


def _shown(request: OrganizationRequest) -> "Shown[AuditEvent]":
    spec = audit.list_of(request.organization, timezone.now())
    return spec.read(request.GET, audit.events_of(request.organization))
