"""All widgets of an organization, and what can be done with many of them at once."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from core.csvfile import Cell, csv_file
from core.lists import Action, Bulk, Column, Filter, List
from licenses.models import License
from widgets.models import Widget
from widgets.standing import STATES, in_state, standing, with_rank
from widgets.types import all_types

COLUMNS = (
    Column("name", "Name", Lower("name")),
    Column("type", "Type", "widget_type"),
    Column("state", "State", "rank"),
    Column("changed", "Changed", "changed_at", greatest_first=True),
    Column("seen", "Last seen", "last_seen_at", greatest_first=True),
)
ACTIONS = (
    Action("publish", "Publish…"),
    Action("on", "Switch on"),
    Action("off", "Switch off…"),
    Action("delete", "Delete…", danger=True),
)
_HEAD = ("widget", "name", "type", "licence", "state", "version", "changed", "last_seen", "scheduled")


@require_safe
@organization_view(Permission.WIDGET_READ)
def widget_list(request: OrganizationRequest) -> HttpResponse:
    now = timezone.now()
    licenses = own_licenses(request)
    shown = _list_of(licenses).read(request.GET, own_widgets(request, licenses, now))
    context = {
        "list": shown,
        "rows": [(widget, standing(widget, now)) for widget in shown],
        "has_license": bool(licenses),
        "bulk": _bulk(request) if shown.total else None,
    }
    return render(request, "widgets/list.html", context)


@require_safe
@organization_view(Permission.WIDGET_READ)
def widgets_csv(request: OrganizationRequest) -> HttpResponse:
    """All that the list shows under the same address, on however many pages."""
    now = timezone.now()
    licenses = own_licenses(request)
    found = _list_of(licenses).read(request.GET, own_widgets(request, licenses, now)).page.paginator.object_list
    return csv_file("widgets", _HEAD, (_line(widget, now) for widget in found))


def _line(widget: Widget, now: datetime) -> list[Cell]:
    moments = widget.changed_at, widget.last_seen_at, widget.planned_for
    facts = [widget.public_id, widget.name, widget.widget_type, widget.license.public_id]
    live = widget.published.number if widget.published else None
    times = [moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None for moment in moments]
    return [*facts, standing(widget, now).word, live, *times]


def own_licenses(request: OrganizationRequest) -> list[License]:
    return list(License.objects.for_organization(request.organization).with_facts())


def own_widgets(request: OrganizationRequest, licenses: Iterable[License], now: datetime) -> QuerySet[Widget]:
    return with_rank(Widget.objects.for_organization(request.organization).with_state().with_plan(), licenses, now)


def _list_of(licenses: list[License]) -> List:
    filters = [
        Filter("type", "Type", [(kind.id, kind.label) for kind in all_types().values()], "widget_type"),
        Filter("state", "State", list(STATES.items()), in_state),
    ]
    if len(licenses) > 1:
        names = [(license.public_id, f"{license.plan.name}, {license.public_id[:10]}…") for license in licenses]
        filters.append(Filter("licence", "Licence", names, "license__public_id"))
    return List(("widget", "widgets"), COLUMNS, "name", filters, ["name__icontains", "public_id"])


def _bulk(request: OrganizationRequest) -> Bulk | None:
    if Permission.WIDGET_EDIT not in request.permissions:
        return None
    return Bulk(reverse("widgets:bulk", args=[request.organization.slug]), ACTIONS)
