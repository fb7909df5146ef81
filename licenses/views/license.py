from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import Organization
from accounts.permissions import Permission
from licenses.authority import Deed, NotAllowed, authority_of_member
from licenses.deeds import PAGES, Page
from licenses.entitlements import Feature, Metric
from licenses.history import history as lines_of
from licenses.lists import licenses_list, plan_choices
from licenses.metering import used_of
from licenses.models import License
from licenses.reach import licenses_within, plans_within
from licenses.services import over_limits
from licenses.states import valid_until
from licenses.views.scope import license_view, may
from licenses.wording import in_words, limit_words, metered, meters


@require_safe
@organization_view(Permission.LICENSE_READ)
def license_list(request: OrganizationRequest) -> HttpResponse:
    now, viewer = timezone.now(), request.organization
    sells = viewer.kind != Organization.Kind.CUSTOMER
    plans = plan_choices(plans_within(viewer)) if sells else []
    shown = licenses_list(plans, sells=sells).read(request.GET, licenses_within(viewer).with_facts())
    page = list(shown)
    month = Metric.SESSIONS_MONTH
    used = used_of(page, [month], now)
    rows = [(lic, in_words(lic, now), metered(lic, month, used[lic.pk, month], now)) for lic in page]
    context = {"list": shown, "rows": rows, "sells": sells, "may_claim": may(request, Deed.CLAIM)}
    return render(request, "licenses/list.html", context)


@require_safe
@license_view(Permission.LICENSE_READ)
def detail(request: OrganizationRequest, license: License) -> HttpResponse:
    now = timezone.now()
    context = {
        "license": license,
        "words": in_words(license, now),
        "meters": meters(license, now),
        "runs_until": valid_until(license.facts()),
        "grace_days": license.facts().grace_days,
        "over": [(metric.label, used, limit) for metric, (used, limit) in over_limits(license).items()],
        "limits": [(m.label, limit_words(license.limit(m)), m in license.limit_overrides) for m in Metric],
        "features": [(feature.label, license.has(feature)) for feature in Feature],
        "deeds": _deeds(request, license),
    }
    return render(request, "licenses/detail.html", context)


@require_safe
@license_view(Permission.LICENSE_READ)
def history(request: OrganizationRequest, license: License) -> HttpResponse:
    lines = lines_of(license, request.organization)
    return render(request, "licenses/history.html", {"license": license, "lines": lines})


def _deeds(request: OrganizationRequest, license: License) -> list[Page]:
    """What this person can do to it now."""
    try:
        authority = authority_of_member(request.membership)
    except NotAllowed:
        return []
    return [page for page in PAGES if page.is_open(authority, license)]
