"""The command palette of an organization's pages: its widgets, what is done with each, and places and actions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.palette import Group, Item, actions, narrowed, organizations, places
from accounts.permissions import Permission
from core.http import json_response
from licenses.models import License
from widgets.models import Widget

MOST = 8  # widgets
MOST_DONE = 5  # widgets with which one thing is done
LONGEST = 80  # characters, as of a name
SHORTEST = 3  # characters by which a deed is meant
_FILLERS: Final = {"of", "the", "a", "for", "to"}


@dataclass(frozen=True, slots=True)
class Deed:
    """`words` mean it, or the beginning of one."""

    label: str
    words: str
    page: str
    permission: Permission
    part: str = ""  # of the page

    def is_meant(self, word: str) -> bool:
        return len(word) >= SHORTEST and any(known.startswith(word) for known in self.words.split())


DEEDS: Final = (
    Deed("Publish {}…", "publish publication schedule live", "widgets:publish", Permission.WIDGET_EDIT),
    Deed("Install {}", "install installation embed snippet tag code", "widgets:install", Permission.WIDGET_READ),
    Deed("Connection of {}", "connection connect webhook key test", "widgets:connection", Permission.CREDENTIAL_SET),
    Deed("Versions of {}", "versions history restore", "widgets:versions", Permission.WIDGET_EDIT),
    Deed("Preview link of {}", "preview share link", "widgets:share", Permission.WIDGET_EDIT),
    Deed(
        "Appearance of {}",
        "appearance theme accent colours colors fonts looks",
        "widgets:edit",
        Permission.WIDGET_EDIT,
        "#f-theme",
    ),
)
DOMAINS: Final = Deed(
    "Domains of {}", "domains websites sites allow allowed", "licenses:domains", Permission.DOMAIN_EDIT
)


@require_safe
@organization_view(Permission.LICENSE_READ)
def search(request: OrganizationRequest) -> HttpResponse:
    """`?q=` → `{"groups": [{"label", "items": […]}]}`.

    Every role has the permission; what an item leads to asks for its own.
    """
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    others = request.memberships if len(request.memberships) > 1 else []
    doing = actions()
    if Permission.WIDGET_EDIT in request.permissions:
        new = Item(label="New widget", path=reverse("widgets:create", args=[request.organization.slug]))
        doing["items"].insert(0, new)
    widgets = _found(request, query)
    words = [word for word in query.lower().split() if word not in _FILLERS]
    groups = [_widgets(request, widgets), _deeds(request, words, widgets), _domains(request, words)]
    groups += narrowed([places(request), doing, organizations(others)], query)
    return json_response({"groups": [group for group in groups if group["items"]]})


def _found(request: OrganizationRequest, query: str) -> list[Widget]:
    """Those whose name or id fits; without a query, those that were changed last."""
    if Permission.WIDGET_READ not in request.permissions:
        return []
    own = Widget.objects.for_organization(request.organization).named(query)
    return list(own.order_by("name" if query else "-changed_at", "pk")[:MOST])


def _widgets(request: OrganizationRequest, widgets: Sequence[Widget]) -> Group:
    page = "widgets:edit" if Permission.WIDGET_EDIT in request.permissions else "widgets:install"
    items = [Item(label=each.name, note=each.type.label, path=_path(request, page, each)) for each in widgets]
    return Group(label="Widgets", items=items)


def _deeds(request: OrganizationRequest, words: Sequence[str], found: Sequence[Widget]) -> Group:
    """Those that are meant, with the widgets that are named beside them, else with those that were changed last; where
    only one widget is found, all that can be done with it."""
    may = [deed for deed in DEEDS if deed.permission in request.permissions]
    meant = [deed for deed in may if any(map(deed.is_meant, words))]
    pairs: Iterable[tuple[Widget, Deed]] = []
    if meant and Permission.WIDGET_READ in request.permissions:
        names = [word for word in words if not any(deed.is_meant(word) for deed in meant)]
        named = Widget.objects.for_organization(request.organization)
        for name in names:
            named = named.named(name)
        widgets = named.order_by("name" if names else "-changed_at", "pk")[:MOST_DONE]
        pairs = ((widget, deed) for widget in widgets for deed in meant)
    elif words and len(found) == 1:
        pairs = ((widget, deed) for widget in found for deed in may)
    items = [
        Item(label=deed.label.format(widget.name), path=_path(request, deed.page, widget) + deed.part)
        for widget, deed in pairs
    ]
    return Group(label="With a widget", items=items)


def _domains(request: OrganizationRequest, words: Sequence[str]) -> Group:
    """Of the licences that are named beside them, else of all."""
    items: list[Item] = []
    if DOMAINS.permission in request.permissions and any(map(DOMAINS.is_meant, words)):
        own = License.objects.for_organization(request.organization).select_related("plan")
        for word in words:
            if not DOMAINS.is_meant(word) and not "licences".startswith(word):
                own = own.filter(Q(plan__name__icontains=word) | Q(public_id__iexact=word))
        for license in own.order_by("pk")[:MOST]:
            path = reverse(DOMAINS.page, args=[request.organization.slug, license.public_id])
            label = DOMAINS.label.format(f"licence {license.plan.name}")
            items.append(Item(label=label, note=license.public_id, path=path))
    return Group(label="Licences", items=items)


def _path(request: OrganizationRequest, page: str, widget: Widget) -> str:
    return reverse(page, args=[request.organization.slug, widget.public_id])
