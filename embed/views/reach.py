"""Parts of pages on the floors below: who would notice if something were gone."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from analytics.models import Sighting
from core.lists import picked
from embed.models import VisitorSession
from embed.overview.cards import RECENT
from licenses.domains import RuleSet
from licenses.models import DomainRule
from widgets.models import Widget

NAMED = 3  # websites
MOST = 1000  # websites that are looked at


@require_safe
@organization_view(Permission.WIDGET_READ)
def reach_of_widgets(request: OrganizationRequest) -> HttpResponse:
    """Of the widgets in `pick`."""
    widgets = picked(request.GET, Widget.objects.for_organization(request.organization))
    seen = Sighting.objects.for_organization(request.organization).filter(widget__in=widgets)
    return _reach(request, widgets, _hosts(seen))


@require_safe
@organization_view(Permission.DOMAIN_EDIT)
def reach_of_domain(request: OrganizationRequest, rule_id: int) -> HttpResponse:
    """Of the websites that only this entry of the list lets in."""
    own = DomainRule.objects.for_organization(request.organization).select_related("license")
    rule = get_object_or_404(own, pk=rule_id)
    others = RuleSet([each.rule for each in rule.license.domain_rules.all() if each.pk != rule.pk])
    alone = RuleSet([rule.rule])
    widgets = Widget.objects.for_organization(request.organization).filter(license=rule.license)
    seen = Sighting.objects.for_organization(request.organization).filter(widget__in=widgets)
    hosts = [host for host in _hosts(seen) if not alone.check(f"https://{host}") and others.check(f"https://{host}")]
    return _reach(request, widgets, hosts)


def _hosts(seen: "QuerySet[Sighting]") -> list[str]:
    """Of the last 7 days, the latest first."""
    recent = seen.filter(last_at__gt=timezone.now() - RECENT)[:MOST]
    return list(dict.fromkeys(sighting.host for sighting in recent))


def _reach(request: OrganizationRequest, widgets: "QuerySet[Widget]", hosts: list[str]) -> HttpResponse:
    now = timezone.now()
    origins = [f"https://{host}" for host in hosts]
    begun = VisitorSession.objects.for_organization(request.organization).counted()
    begun = begun.filter(widget__in=widgets, started_at__gt=now - RECENT)
    if request.resolver_match and request.resolver_match.url_name == "reach-domain":
        begun = begun.filter(origin__in=origins)
    context = {
        "hosts": hosts[:NAMED],
        "number": len(hosts),
        "more": max(0, len(hosts) - NAMED),
        "conversations": begun.count(),
        "running": begun.filter(expires_at__gt=now).count(),
    }
    return render(request, "widgets/reach.html", context)
