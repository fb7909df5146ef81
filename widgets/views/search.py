from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.palette import Group, Item, actions, narrowed, organizations, places
from accounts.permissions import Permission
from core.http import json_response
from widgets.models import Widget

MOST = 8  # widgets
LONGEST = 80  # characters, as of a name


@require_safe
@organization_view(Permission.LICENSE_READ)
def search(request: OrganizationRequest) -> HttpResponse:
    """The command palette of an organization's pages: `?q=` → `{"groups": [{"label", "items": […]}]}`.

    Every role has the permission; what an item leads to asks for its own.
    """
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    others = request.memberships if len(request.memberships) > 1 else []
    doing = actions()
    if Permission.WIDGET_EDIT in request.permissions:
        new = Item(label="New widget", path=reverse("widgets:create", args=[request.organization.slug]))
        doing["items"].insert(0, new)
    groups = narrowed([places(request), doing, organizations(others)], query)
    found = _widgets(request, query)
    return json_response({"groups": [found, *groups] if found["items"] else groups})


def _widgets(request: OrganizationRequest, query: str) -> Group:
    """Those whose name or id fits; without a query, those that were changed last."""
    if Permission.WIDGET_READ not in request.permissions:
        return Group(label="Widgets", items=[])
    own = Widget.objects.for_organization(request.organization).named(query)
    page = "widgets:edit" if Permission.WIDGET_EDIT in request.permissions else "widgets:install"
    items = [
        Item(
            label=widget.name,
            note=widget.type.label,
            path=reverse(page, args=[request.organization.slug, widget.public_id]),
        )
        for widget in own.order_by("name" if query else "-changed_at", "pk")[:MOST]
    ]
    return Group(label="Widgets", items=items)
