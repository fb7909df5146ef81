from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.models import License, ResellerAccount
from licenses.reach import plans_within
from licenses.services import allocation
from licenses.wording import pool_meters


@require_safe
@organization_view(Permission.CUSTOMER_READ)
def pool(request: OrganizationRequest) -> HttpResponse:
    """A reseller's own. The platform has none: it sees those of the resellers."""
    account = get_object_or_404(ResellerAccount.objects.for_organization(request.organization))
    taken = allocation(account, now=timezone.now())
    waiting = License.objects.for_organization(None).issued_by(request.organization).holding()
    context = {
        "account": account,
        "meters": pool_meters(taken, account.limits()),
        "plans": plans_within(request.organization).newest(),
        "waiting": waiting.count(),
    }
    return render(request, "licenses/pool.html", context)
