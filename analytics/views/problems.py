from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from analytics.models import Incident
from core.codes import MEANINGS, Code
from widgets.models import Widget
from widgets.views.scope import widget_page, widget_view

MOST = 100  # one row per code: never reached


@require_safe
@widget_view(Permission.WIDGET_READ)
def problems(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """What went wrong for visitors lately: our code and its meaning, and the upstream's own words."""
    incidents = Incident.objects.for_organization(request.organization).filter(widget=widget)[:MOST]
    rows: list[Any] = [(incident, _meaning(incident.code)) for incident in incidents]
    return widget_page(request, "analytics/problems.html", widget, "problems", rows=rows)


def _meaning(code: str) -> str:
    return MEANINGS[Code(code)].mean if code in list(Code) else ""
