"""Licences come into being, and come to their customer."""

from math import ceil

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.decorators import OrganizationRequest, organization_view
from accounts.idempotency import InProgress, KeyReused, Stored, begin, finish, give_up
from accounts.models import IdempotentAnswer
from accounts.permissions import Permission
from core.ratelimit import Limit, hit_sync
from licenses.authority import Authority, Deed, NotAllowed
from licenses.entitlements import InvalidTerms, PoolExceeded
from licenses.forms.issuing import ClaimForm, IssueForm
from licenses.models import License
from licenses.services import PlanNotAllowed, UnknownKey, claim_license, issue_licenses
from licenses.views.keys import to_keys
from licenses.views.scope import authority_in, license_url, place_url
from licenses.wording import refused


@organization_view(Permission.LICENSE_MANAGE)
def issue(request: OrganizationRequest) -> HttpResponse:
    authority = authority_in(request, Deed.ISSUE)
    posted = request.POST if request.method == "POST" else None
    form = IssueForm(posted, viewer=request.organization, customer=request.GET.get("customer", ""))
    if form.is_valid():
        row = _begin(request, form)
        if row is None:
            messages.info(request, "These licences have been issued already. Each form issues once.")
            return redirect(place_url(request, "list"))
        if issued := _issue(authority, form, row):
            return to_keys(request, issued)
    return render(request, "licenses/issue.html", {"form": form}, status=422 if form.errors else 200)


def _begin(request: OrganizationRequest, form: IssueForm) -> IdempotentAnswer | None:
    """A button pressed twice, or a page sent again, issues once."""
    body = repr(sorted((name, str(value)) for name, value in form.cleaned_data.items())).encode()
    key = form.cleaned_data["once"]
    try:
        begun = begin(organization=request.organization, endpoint="issue", key=key, body=body, now=timezone.now())
    except (InProgress, KeyReused):
        return None
    return None if isinstance(begun, Stored) else begun


def _issue(authority: Authority, form: IssueForm, row: IdempotentAnswer) -> list[License]:
    try:
        issued = issue_licenses(actor=authority, **form.values())
    except (NotAllowed, PlanNotAllowed, PoolExceeded, InvalidTerms) as error:
        give_up(row)
        form.add_error(None, refused(error))
        return []
    except BaseException:
        give_up(row)
        raise
    finish(row, status=201, body=[license.public_id for license in issued])
    return issued


@organization_view(Permission.LICENSE_READ)
def claim(request: OrganizationRequest) -> HttpResponse:
    authority = authority_in(request, Deed.CLAIM)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    wait = hit_sync(_limits(request)) if form.is_valid() else None
    if wait is not None:
        return _too_many(request, form, wait)
    if form.is_valid():
        try:
            license = claim_license(actor=authority, key=form.cleaned_data["key"], now=timezone.now())
        except UnknownKey:
            form.add_error("key", "No licence can be claimed with this key. Check it for typing errors.")
        else:
            messages.success(request, "The licence is yours.")
            return redirect(license_url(request, license))
    return render(request, "licenses/claim.html", {"form": form}, status=422 if form.errors else 200)


def _limits(request: OrganizationRequest) -> list[Limit]:
    """Of this person and of this organization: keys are not to be guessed."""
    events, seconds = settings.RATE_LIMITS["claim"]
    owners = (f"user:{request.user.pk}", f"organization:{request.organization.pk}")
    return [Limit(f"claim:{owner}", events, seconds) for owner in owners]


def _too_many(request: OrganizationRequest, form: ClaimForm, wait: float) -> HttpResponse:
    minutes = ceil(wait / 60)
    form.add_error("key", f"Too many attempts. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.")
    response = render(request, "licenses/claim.html", {"form": form}, status=429)
    response.headers["Retry-After"] = str(ceil(wait))
    return response
