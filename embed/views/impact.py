"""What a deed on a widget means, in numbers, for the pages below that ask before it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from analytics.models import Sighting
from embed.models import VisitorSession
from widgets.models import Widget
from widgets.views.scope import widget_page, widget_view

NAMED = 5
SITES, CHATS = timedelta(days=30), timedelta(days=7)


@require_safe
@widget_view(Permission.WIDGET_EDIT)
def impact(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """A fragment: the websites on which the widget was seen lately, and how many visitors chatted."""
    now = timezone.now()
    seen = Sighting.objects.for_organization(request.organization).filter(widget=widget, last_at__gt=now - SITES)
    sessions = VisitorSession.objects.for_organization(request.organization).counted()
    # By licence too: that is what the index is of.
    chats = sessions.filter(license=widget.license, widget=widget, started_at__gt=now - CHATS).count()
    hosts = [site.host for site in seen]
    context: dict[str, Any] = {"sites": len(hosts), "named": hosts[:NAMED], "more": len(hosts[NAMED:]), "chats": chats}
    return widget_page(request, "embed/impact.html", widget, "settings", **context)
