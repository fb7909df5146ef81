from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.models import License
from widgets.models import Widget
from widgets.standing import standing

PAGE = 50


@require_safe
@organization_view(Permission.WIDGET_READ)
def widget_list(request: OrganizationRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    every = Widget.objects.for_organization(request.organization).with_state()
    page = Paginator(every.named(query), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "query": query,
        "page": page,
        "rows": [(widget, standing(widget, now)) for widget in page],
        "has_license": bool(page) or License.objects.for_organization(request.organization).exists(),
    }
    return render(request, "widgets/list.html", context)
