from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.entitlements import Feature
from licenses.models import License
from licenses.states import valid_until
from licenses.views.scope import license_view
from licenses.wording import in_words, meters


@require_safe
@organization_view(Permission.LICENSE_READ)
def license_list(request: OrganizationRequest) -> HttpResponse:
    now = timezone.now()
    own = License.objects.for_organization(request.organization).with_facts()
    return render(request, "licenses/list.html", {"rows": [(license, in_words(license, now)) for license in own]})


@require_safe
@license_view(Permission.LICENSE_READ)
def detail(request: OrganizationRequest, license: License) -> HttpResponse:
    now = timezone.now()
    context = {
        "license": license,
        "words": in_words(license, now),
        "meters": meters(license, now),
        "runs_until": valid_until(license.facts()),
        "features": [(feature.label, license.has(feature)) for feature in Feature],
    }
    return render(request, "licenses/detail.html", context)
