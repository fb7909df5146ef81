"""The customers of a reseller; the platform sees everybody's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import Organization
from accounts.permissions import Permission
from licenses.authority import Deed, NotAllowed
from licenses.customers import customer_rows, sites_seen
from licenses.entitlements import PoolExceeded
from licenses.forms.resellers import CustomerForm
from licenses.lists import CUSTOMERS
from licenses.models import License
from licenses.reach import Kind, customers_within
from licenses.services import InvalidReference, create_customer
from licenses.views.scope import authority_in, invite_owner, place_url
from licenses.wording import in_words, meters_of, refused


@require_safe
@organization_view(Permission.CUSTOMER_READ)
def customers(request: OrganizationRequest) -> HttpResponse:
    shown = CUSTOMERS.read(request.GET, customers_within(request.organization).select_related("parent"))
    context = {"list": shown, "rows": customer_rows(list(shown), timezone.now())}
    return render(request, "licenses/customers.html", context)


@require_safe
@organization_view(Permission.CUSTOMER_READ)
def customer(request: OrganizationRequest, customer_id: str) -> HttpResponse:
    seen = customers_within(request.organization).select_related("parent")
    found = get_object_or_404(seen, public_id=customer_id)
    now = timezone.now()
    licenses = list(License.objects.for_organization(found).with_facts())
    meters = meters_of(licenses, now)
    rows = [(license, in_words(license, now), meters[license.pk]) for license in licenses]
    context = {
        "customer": found,
        "rows": rows,
        "people": found.memberships.count(),
        "sites": sites_seen(found),
    }
    return render(request, "licenses/customer.html", context)


@organization_view(Permission.CUSTOMER_MANAGE)
def customer_new(request: OrganizationRequest) -> HttpResponse:
    form = CustomerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := _create(request, form)):
        messages.success(request, f"{made} is a customer now. Give it a licence.")
        invite_owner(request, made, form.cleaned_data["owner"])
        return redirect(place_url(request, "customer", made.public_id))
    return render(request, "licenses/customer_new.html", {"form": form}, status=422 if form.errors else 200)


def _create(request: OrganizationRequest, form: CustomerForm) -> Organization | None:
    authority, found = authority_in(request, Deed.ADD_CUSTOMER), form.cleaned_data
    reseller = request.organization if request.organization.kind == Kind.RESELLER else None
    try:
        return create_customer(actor=authority, reseller=reseller, name=found["name"], reference=found["reference"])
    except InvalidReference as error:
        form.add_error("reference", str(error))
    except (NotAllowed, PoolExceeded) as error:
        form.add_error(None, refused(error))
    return None
