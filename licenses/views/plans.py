"""Plans: the platform makes them, a reseller sees those that it may issue."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.authority import Deed
from licenses.forms.plans import NewPlanForm, PlanForm
from licenses.lists import PLANS
from licenses.models import Plan
from licenses.planlist import features_of, limits_of, uses
from licenses.reach import licenses_within, plans_within
from licenses.services import create_plan, edit_plan
from licenses.views.scope import authority_in, place_url
from licenses.wording import amount


@require_safe
@organization_view(Permission.PLAN_MANAGE)
def plans(request: OrganizationRequest) -> HttpResponse:
    shown = PLANS.read(request.GET, plans_within(request.organization).newest())
    page = list(shown)
    used = uses([plan.code for plan in page], licenses_within(request.organization))
    rows = [(plan, limits_of(plan), used[plan.code], used[plan.code].older(plan.version)) for plan in page]
    return render(request, "licenses/plans.html", {"list": shown, "rows": rows})


@require_safe
@organization_view(Permission.PLAN_MANAGE)
def plan(request: OrganizationRequest, plan_id: str) -> HttpResponse:
    found = _plan(request, plan_id)
    versions = list(plans_within(request.organization).filter(code=found.code).order_by("-version"))
    used = uses([found.code], licenses_within(request.organization))[found.code]
    context = {
        "plan": found,
        "newest": versions[0],
        "versions": [(version, used.by_version.get(version.version, 0)) for version in versions],
        "limits": limits_of(found),
        "features": features_of(found),
    }
    return render(request, "licenses/plan.html", context)


@organization_view(Permission.RESELLER_MANAGE)
def plan_new(request: OrganizationRequest) -> HttpResponse:
    authority = authority_in(request, Deed.RUN_RESELLERS)
    form = NewPlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = create_plan(actor=authority, **form.values())
        messages.success(request, f"{made} is there. Resellers may issue it once you add it to them.")
        return redirect(place_url(request, "plan", made.public_id))
    return _form_page(request, form)


@organization_view(Permission.RESELLER_MANAGE)
def plan_edit(request: OrganizationRequest, plan_id: str) -> HttpResponse:
    found, authority = _plan(request, plan_id), authority_in(request, Deed.RUN_RESELLERS)
    newest = get_object_or_404(plans_within(request.organization).newest(), code=found.code)
    form = PlanForm(request.POST if request.method == "POST" else None, plan=newest)
    if form.is_valid():
        after = edit_plan(actor=authority, plan=newest, **form.values())
        messages.success(request, f"{after} is saved. New licences get it.")
        return redirect(place_url(request, "plan", after.public_id))
    count = uses([newest.code], licenses_within(request.organization))[newest.code].by_version.get(newest.version, 0)
    stay = "stays as it was sold" if count == 1 else "stay as they were sold"
    kept = f"{amount(count, 'licence')} of version {newest.version} {stay}."
    return _form_page(request, form, plan=newest, kept=kept if count else "")


def _plan(request: OrganizationRequest, plan_id: str) -> Plan:
    return get_object_or_404(plans_within(request.organization), public_id=plan_id)


def _form_page(request: OrganizationRequest, form: PlanForm, **context: Any) -> HttpResponse:
    return render(request, "licenses/plan_form.html", {"form": form, **context}, status=422 if form.errors else 200)
