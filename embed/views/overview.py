"""The first page of an organization."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.navigation import places_of
from accounts.permissions import Permission
from accounts.services import show_checklist
from embed.overview.attention import Scope, attention
from embed.overview.cards import cards
from embed.overview.checklist import checklist
from licenses.models import License
from licenses.wording import meters_of
from widgets.models import Widget
from widgets.standing import with_rank

SHOWN = 24  # widgets


@require_safe
@organization_view(Permission.WIDGET_READ)
def overview(request: OrganizationRequest) -> HttpResponse:
    own = Widget.objects.for_organization(request.organization)
    totals = own.totals()
    if request.organization.kind != "customer" and not totals["all"]:
        return _without_widgets(request)
    now = timezone.now()
    licenses = list(
        License.objects.for_organization(request.organization).with_facts().prefetch_related("domain_rules")
    )
    widgets = list(with_rank(own.with_state(), licenses, now).order_by(F("rank"), "name", "pk")[:SHOWN])
    meters = meters_of(licenses, now)
    context: dict[str, Any] = {
        "totals": totals,
        "cards": cards(request.organization, widgets, now),
        "licenses": [(license, meters[license.pk]) for license in licenses],
        "attention": attention(Scope(request.organization, request.permissions, licenses, now), meters),
    }
    if not request.membership.checklist_hidden:
        context["checklist"] = checklist(request.organization, request.permissions, licenses, widgets, totals)
    return render(request, "widgets/overview.html", context)


@require_POST
@organization_view(Permission.WIDGET_READ)
def hide_checklist(request: OrganizationRequest) -> HttpResponse:
    """`shown`: on or off, for this person alone."""
    show_checklist(membership=request.membership, shown=request.POST.get("shown") == "on")
    return redirect("widgets:overview", slug=request.organization.slug)


def _without_widgets(request: OrganizationRequest) -> HttpResponse:
    """Of a reseller or the platform: what they are here for is elsewhere."""
    found = places_of(request.organization.kind, request.organization.slug, request.permissions)
    places = [place for place in found if place.path != request.path]
    return render(request, "widgets/overview_places.html", {"places": places})
