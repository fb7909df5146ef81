"""One page for each thing that can be done to a licence: it tells what will happen in numbers, asks, and does it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from licenses.authority import Authority, Deed, NotAllowed
from licenses.deeds import PAGES, Page
from licenses.entitlements import InvalidTerms, LimitReached
from licenses.forms.deeds import DeedForm
from licenses.impact import Impact
from licenses.models import License
from licenses.services import OverLimits, PlanNotAllowed
from licenses.views.keys import to_keys
from licenses.views.scope import authority_in, license_url, license_view
from licenses.wording import refused


def _page(request: OrganizationRequest, license: License, page: Page) -> HttpResponse:
    authority = authority_in(request, page.deed)
    if not authority.may(page.deed, license):
        raise PermissionDenied
    if not page.is_open(authority, license):
        messages.info(request, f"“{page.title}” is not possible as the licence stands now.")
        return redirect(license_url(request, license))
    form = page.form(request.POST if request.method == "POST" else None, license=license, viewer=request.organization)
    if form.is_valid() and (after := _do(page, authority, license, form)):
        messages.success(request, page.done)
        to_new_key = after.fresh_key or page.deed is Deed.ROTATE_KEY  # pressed twice, there is one from the first time
        return to_keys(request, [after]) if to_new_key else redirect(license_url(request, after))
    now = timezone.now()
    context = {"license": license, "page": page, "form": form, "told": page.tell(license, Impact.of(license, now))}
    return render(request, "licenses/deed.html", context, status=422 if form.errors else 200)


def _do(page: Page, authority: Authority, license: License, form: DeedForm) -> License | None:
    try:
        return page.do(authority, license, form, timezone.now())
    except OverLimits as error:
        form.over = [
            f"{metric.label}: {used:,} in use, {limit:,} allowed" for metric, (used, limit) in error.over.items()
        ]
        form.add_error(None, "More is in use than this would allow. See below what, and choose.")
    except (NotAllowed, PlanNotAllowed, LimitReached, InvalidTerms) as error:
        form.add_error(None, refused(error))
    return None


def _url(page: Page) -> URLPattern:
    @license_view(Permission.LICENSE_READ)
    def view(request: OrganizationRequest, license: License) -> HttpResponse:
        return _page(request, license, page)

    return path(f"{page.name}/", view, name=page.name)


urlpatterns = [_url(page) for page in PAGES]
