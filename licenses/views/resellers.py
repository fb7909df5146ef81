"""Resellers, for the platform alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.authority import Deed, NotAllowed
from licenses.customers import reseller_rows
from licenses.entitlements import PoolExceeded
from licenses.forms.resellers import PoolForm, ResellerForm
from licenses.lists import RESELLERS
from licenses.models import ResellerAccount
from licenses.reach import resellers as all_resellers
from licenses.services import InvalidReseller, allocation, create_reseller, set_pool
from licenses.views.scope import authority_in, invite_owner, place_url
from licenses.wording import pool_meters, refused


@require_safe
@organization_view(Permission.RESELLER_MANAGE)
def resellers(request: OrganizationRequest) -> HttpResponse:
    shown = RESELLERS.read(request.GET, all_resellers())
    return render(request, "licenses/resellers.html", {"list": shown, "rows": reseller_rows(list(shown))})


@require_safe
@organization_view(Permission.RESELLER_MANAGE)
def reseller(request: OrganizationRequest, reseller_id: str) -> HttpResponse:
    account = _account(reseller_id)
    context = {
        "account": account,
        "reseller": account.organization,
        "meters": pool_meters(allocation(account, now=timezone.now()), account.limits()),
        "people": account.organization.memberships.count(),
    }
    return render(request, "licenses/reseller.html", context)


@organization_view(Permission.RESELLER_MANAGE)
def reseller_new(request: OrganizationRequest) -> HttpResponse:
    authority = authority_in(request, Deed.RUN_RESELLERS)
    form = ResellerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = create_reseller(actor=authority, **form.values()).organization
        except InvalidReseller as error:
            form.add_errors(error.errors)
        else:
            messages.success(request, f"{made} is a reseller now.")
            invite_owner(request, made, form.cleaned_data["owner"])
            return redirect(place_url(request, "reseller", made.public_id))
    return _form_page(request, form)


@organization_view(Permission.RESELLER_MANAGE)
def reseller_pool(request: OrganizationRequest, reseller_id: str) -> HttpResponse:
    account, authority = _account(reseller_id), authority_in(request, Deed.RUN_RESELLERS)
    form = PoolForm(request.POST if request.method == "POST" else None, account=account)
    if form.is_valid():
        try:
            set_pool(actor=authority, reseller=account.organization, **form.values())
        except InvalidReseller as error:
            form.add_errors(error.errors)
        except PoolExceeded as error:
            form.add_errors({error.name: "More is taken already. See the meters below."})
        except NotAllowed as error:
            form.add_error(None, refused(error))
        else:
            messages.success(request, "The pool is changed.")
            return redirect(place_url(request, "reseller", account.organization.public_id))
    taken = pool_meters(allocation(account, now=timezone.now()), account.limits())
    return _form_page(request, form, reseller=account.organization, meters=taken)


def _account(reseller_id: str) -> ResellerAccount:
    """One that was made in the operators' admin has nothing to hand out yet, until its pool is saved."""
    reseller = get_object_or_404(all_resellers(), public_id=reseller_id)
    present = ResellerAccount.objects.for_organization(reseller).select_related("organization").first()
    return present or ResellerAccount(organization=reseller)


def _form_page(request: OrganizationRequest, form: PoolForm, **context: Any) -> HttpResponse:
    return render(request, "licenses/reseller_form.html", {"form": form, **context}, status=422 if form.errors else 200)
