"""What a customer lets its reseller do, from both sides."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.acting import ActingRefused, begin_impersonation
from accounts.decorators import OrganizationRequest, organization_view
from accounts.forms.grants import ActForm, GrantForm
from accounts.grants import grant_access, revoke_grant
from accounts.guest_models import ActingSession
from accounts.models import DelegationGrant, Organization
from accounts.permissions import Permission


@organization_view(Permission.GRANT_MANAGE)
def grants(request: OrganizationRequest) -> HttpResponse:
    """A customer's page: what is granted now, who is in, and granting more."""
    organization, now = request.organization, timezone.now()
    form = GrantForm(request.POST or None, initial={"days": "30"})
    if organization.parent is None:
        return render(request, "accounts/grants.html")
    if form.is_valid():
        for scope in form.cleaned_data["scopes"]:
            grant_access(
                actor=request.user, organization=organization, scope=scope, now=now, expires_at=form.expires_at(now)
            )
        messages.success(request, f"{organization.parent} may now do what you ticked.")
        return redirect("accounts:grants", slug=organization.slug)
    given = DelegationGrant.objects.for_organization(organization).given_to(organization.parent).active(now)
    guests = ActingSession.objects.for_organization(organization).open(now)
    context = {
        "form": form,
        "reseller": organization.parent,
        "grants": given.select_related("granted_by"),
        "guests": guests.select_related("user", "on_behalf_of"),
    }
    return render(request, "accounts/grants.html", context, status=422 if form.errors else 200)


@require_POST
@organization_view(Permission.GRANT_MANAGE)
def revoke(request: OrganizationRequest, grant_id: str) -> HttpResponse:
    own = DelegationGrant.objects.for_organization(request.organization)
    grant = get_object_or_404(own, public_id=grant_id)
    revoke_grant(actor=request.user, grant=grant, now=timezone.now())
    messages.success(request, f"Taken back: {grant.get_scope_display().lower()}.")
    return redirect("accounts:grants", slug=request.organization.slug)


@require_safe
@organization_view(Permission.CUSTOMER_MANAGE)
def received(request: OrganizationRequest) -> HttpResponse:
    """A reseller's page: which customers let it do what."""
    given = request.organization.grants_received.active(timezone.now()).select_related("organization")
    rows: dict[Organization, list[DelegationGrant]] = {}
    for grant in given.order_by("organization__name", "scope"):
        rows.setdefault(grant.organization, []).append(grant)
    return render(request, "accounts/received.html", {"rows": list(rows.items())})


@organization_view(Permission.CUSTOMER_MANAGE)
def act(request: OrganizationRequest, customer_id: str) -> HttpResponse:
    """A manager of a reseller goes into a customer's dashboard, with the reason that the customer will read."""
    customer = get_object_or_404(request.organization.customers.all(), public_id=customer_id)
    now = timezone.now()
    form = ActForm(request.POST or None)
    if form.is_valid():
        try:
            begin_impersonation(
                membership=request.membership,
                organization=customer,
                reason=form.cleaned_data["reason"],
                lifetime=timedelta(hours=form.cleaned_data["hours"]),
                now=now,
            )
        except ActingRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("accounts:enter", slug=customer.slug)
    given = request.organization.grants_received.active(now).filter(organization=customer)
    scopes = [grant.scope for grant in given]
    context = {
        "form": form,
        "customer": customer,
        "grants": given,
        "allowed": DelegationGrant.Scope.IMPERSONATE in scopes,
    }
    return render(request, "accounts/act.html", context, status=422 if form.errors else 200)
