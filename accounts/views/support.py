"""The platform's people come in to help: for a reason, for hours, read only, and the customer reads of it."""

from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.acting import ActingRefused, begin_support, open_to_support
from accounts.decorators import OrganizationRequest, View, organization_view
from accounts.forms.people import SupportForm
from accounts.freshness import fresh_deeds_required
from accounts.guest_models import ActingSession
from accounts.models import Organization
from accounts.permissions import Permission

_MOST = 20


def platform_view(view: View) -> View:
    """Of the platform's people, in the platform's organization; for others there is nothing here."""

    @organization_view(Permission.CUSTOMER_READ)
    @wraps(view)
    def wrapped(request: OrganizationRequest, **kwargs: Any) -> HttpResponseBase:
        if request.organization.kind != Organization.Kind.PLATFORM:
            raise Http404
        return view(request, **kwargs)

    return wrapped


@platform_view
def support(request: OrganizationRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    own = ActingSession.objects.for_user(request.user).open(timezone.now()).select_related("organization")
    found = list(open_to_support(query)[: _MOST + 1]) if query else []
    context = {"query": query, "sessions": own, "found": found[:_MOST], "more": len(found) > _MOST}
    return render(request, "accounts/support.html", context)


@platform_view
@fresh_deeds_required
def begin(request: OrganizationRequest, organization_id: str) -> HttpResponse:
    organization = get_object_or_404(open_to_support(), public_id=organization_id)
    form = SupportForm(request.POST or None)
    if form.is_valid():
        lifetime = timedelta(hours=int(form.cleaned_data["hours"]))
        try:
            begin_support(
                membership=request.membership,
                organization=organization,
                reason=form.cleaned_data["reason"],
                lifetime=lifetime,
                now=timezone.now(),
            )
        except ActingRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("accounts:enter", slug=organization.slug)
    context = {"form": form, "target": organization}
    return render(request, "accounts/support_begin.html", context, status=422 if form.errors else 200)
