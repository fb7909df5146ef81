"""Parts of pages on the floors below, which name them by URL: websites that tried, and websites that show the chat."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from analytics.models import Sighting
from licenses.domains import LOCALHOST_RULES, RuleSet
from licenses.models import License
from licenses.views.scope import license_view
from widgets.models import Widget
from widgets.views.scope import widget_page, widget_view

SHOWN = 20


@require_safe
@license_view(Permission.DOMAIN_EDIT)
def seen_origins(request: OrganizationRequest, license: License) -> HttpResponse:
    """Seen but not allowed, the latest first; what has been allowed or dismissed since is left out."""
    rules = RuleSet([*(rule.rule for rule in license.domain_rules.all()), *LOCALHOST_RULES])
    rows = license.seen_origins.filter(dismissed=False)
    waiting = [row for row in rows if rules.check(row.origin)]
    context = {"license": license, "rows": waiting[:SHOWN], "more": max(0, len(waiting) - SHOWN)}
    return render(request, "analytics/seen_origins.html", context)


@require_POST
@license_view(Permission.DOMAIN_EDIT)
def dismiss_origin(request: OrganizationRequest, license: License, origin_id: int) -> HttpResponse:
    seen = get_object_or_404(license.seen_origins, pk=origin_id)
    seen.dismissed = True
    seen.save(update_fields=["dismissed"])
    messages.success(request, f"{seen} is not shown again. It stays refused.")
    return redirect("licenses:domains", slug=request.organization.slug, license_id=license.public_id)


@require_safe
@widget_view(Permission.WIDGET_READ)
def sightings(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """Where the widget was loaded, the latest first."""
    rows = Sighting.objects.for_organization(request.organization).filter(widget=widget)[:SHOWN]
    today = timezone.now().date()
    shown = [(row, row.loads_on(today)) for row in rows]
    return widget_page(request, "analytics/sightings.html", widget, "install", rows=shown)
