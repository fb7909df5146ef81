"""Customers out of a CSV file: first what would happen, then, on a second press, all of it or nothing."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.authority import Deed, NotAllowed
from licenses.entitlements import PoolExceeded
from licenses.importing import COLUMNS, MOST_BYTES, MOST_ROWS, Checked, check, import_customers
from licenses.reach import Kind
from licenses.services import InvalidReference, PlanNotAllowed
from licenses.views.keys import to_keys
from licenses.views.scope import authority_in, place_url
from licenses.wording import amount, refused

SHOWN = 50


class FileForm(forms.Form):
    file = forms.FileField(label="CSV file", widget=forms.FileInput({"accept": ".csv,text/csv"}))

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1024} KB. Split it.")
        try:
            return str(file.read(), "utf-8")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8. Save it as “CSV UTF-8”.") from None


@organization_view(Permission.CUSTOMER_MANAGE)
def import_file(request: OrganizationRequest) -> HttpResponse:
    """Posted with a file: the preview. Posted with its text: the deed."""
    if request.organization.kind != Kind.RESELLER:
        raise Http404
    if "text" in request.POST:
        return _apply(request, request.POST["text"][:MOST_BYTES])
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        text = form.cleaned_data["file"]
        return _preview(request, text, check(text, reseller=request.organization))
    return _page(request, form)


def _apply(request: OrganizationRequest, text: str) -> HttpResponse:
    authority = authority_in(request, Deed.ADD_CUSTOMER)
    checked = check(text, reseller=request.organization)
    if checked.problems or not checked.new:
        return _preview(request, text, checked)
    try:
        licenses = import_customers(
            actor=authority, reseller=request.organization, entries=checked.entries, now=timezone.now()
        )
    except (InvalidReference, NotAllowed, PlanNotAllowed, PoolExceeded) as error:
        return _preview(request, text, checked, refusal=refused(error))
    messages.success(
        request, f"{amount(len(checked.new), 'customer')} and {amount(len(licenses), 'licence')} are there."
    )
    return to_keys(request, licenses) if licenses else redirect(place_url(request, "customers"))


def _preview(request: OrganizationRequest, text: str, checked: Checked, refusal: str = "") -> HttpResponse:
    context = {
        "text": text,
        "checked": checked,
        "shown": checked.entries[:SHOWN],
        "more": max(0, len(checked.entries) - SHOWN),
        "problems": checked.problems[:SHOWN],
        "more_problems": max(0, len(checked.problems) - SHOWN),
        "refusal": refusal,
    }
    status = 422 if checked.problems or refusal else 200
    return render(request, "licenses/import_preview.html", context, status=status)


def _page(request: OrganizationRequest, form: FileForm) -> HttpResponse:
    context = {"form": form, "columns": COLUMNS, "most": MOST_ROWS}
    return render(request, "licenses/import.html", context, status=422 if form.errors else 200)
