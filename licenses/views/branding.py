"""How a reseller, or the platform, looks to its customers, and the host names it goes by."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.brand_models import Brand, Hostname
from accounts.branding import (
    InvalidBranding,
    NotVerified,
    name_host,
    record_name,
    record_value,
    remove_host,
    set_branding,
    set_logo,
    verify_host,
)
from accounts.brands import PRODUCT, logo_path
from accounts.decorators import OrganizationRequest, organization_view
from accounts.look import colour_remarks
from accounts.models import Organization
from accounts.permissions import Permission
from core.ratelimit import Limit, hit_sync
from licenses.forms.branding import BrandForm, HostForm

_FACES = {
    Hostname.Face.DASHBOARD: ("Dashboard", "Your customers and you log in here, and nobody else.", "app"),
    Hostname.Face.EMBED: ("Chats", "The code for your customers’ websites loads the chat from here.", "chat"),
}


@dataclass(frozen=True, slots=True)
class HostRow:
    """One of the two faces on the page."""

    face: str
    label: str
    help: str
    example: str
    form: HostForm
    target: str  # the host that DNS must lead to
    hostname: Hostname | None = None
    record: str = ""
    value: str = ""
    problem: str = ""


@organization_view(Permission.BRANDING_EDIT)
def branding(request: OrganizationRequest) -> HttpResponse:
    brand = _brand(request.organization)
    form = BrandForm(request.POST or None, request.FILES or None, initial=brand.values)
    if form.is_valid():
        try:
            _save(request, form)
        except InvalidBranding as invalid:
            form.refuse(invalid.errors)
        else:
            messages.success(request, "Saved. Your customers see it at once.")
            return redirect("licenses:branding", slug=request.organization.slug)
    return _page(request, brand, form)


@transaction.atomic
def _save(request: OrganizationRequest, form: BrandForm) -> None:
    set_branding(actor=request.user, organization=request.organization, values=form.look())
    if form.picture or form.cleaned_data["remove_logo"]:
        set_logo(actor=request.user, organization=request.organization, logo=form.picture)


@require_POST
@organization_view(Permission.BRANDING_EDIT)
def name(request: OrganizationRequest, face: str) -> HttpResponse:
    form = HostForm(request.POST, auto_id=f"id_{_face(face)}_%s")
    try:
        if form.is_valid():
            host = form.cleaned_data["host"]
            name_host(actor=request.user, organization=request.organization, face=face, host=host)
            return _back(request)
    except InvalidBranding as invalid:
        form.add_error("host", " ".join(invalid.errors.values()))
    return _page(request, _brand(request.organization), None, named={face: form})


@require_POST
@organization_view(Permission.BRANDING_EDIT)
def verify(request: OrganizationRequest, face: str) -> HttpResponse:
    hostname = _hostname(request, face)
    wait = hit_sync([Limit(f"verify:{request.organization.public_id}", *settings.RATE_LIMITS["verify"])])
    if wait is not None:
        return _page(request, _brand(request.organization), None, problem={face: "Wait a minute, then try again."})
    try:
        verify_host(actor=request.user, hostname=hostname, now=timezone.now())
    except NotVerified as problem:
        return _page(request, _brand(request.organization), None, problem={face: str(problem)})
    messages.success(request, f"{hostname} is yours. It answers as soon as its DNS leads here.")
    return _back(request)


@require_POST
@organization_view(Permission.BRANDING_EDIT)
def remove(request: OrganizationRequest, face: str) -> HttpResponse:
    hostname = _hostname(request, face)
    remove_host(actor=request.user, hostname=hostname)
    messages.success(request, f"{hostname} no longer answers.")
    return _back(request)


def _page(
    request: OrganizationRequest,
    brand: Brand,
    form: BrandForm | None,
    *,
    named: dict[str, HostForm] | None = None,
    problem: dict[str, str] | None = None,
) -> HttpResponse:
    organization = request.organization
    is_reseller = organization.kind == Organization.Kind.RESELLER
    refused = bool((form and form.errors) or named or problem)
    context = {
        "form": form or BrandForm(initial=brand.values),
        "remarks": colour_remarks(brand.look()),
        "logo": logo_path(brand) if brand.logo_digest else "",
        "logo_is_wide": brand.logo_is_wide,
        "product": PRODUCT,
        "hosts": _hosts(organization, named or {}, problem or {}) if is_reseller else [],
    }
    return render(request, "licenses/branding.html", context, status=422 if refused else 200)


def _hosts(organization: Organization, named: dict[str, HostForm], problem: dict[str, str]) -> list[HostRow]:
    present = {hostname.face: hostname for hostname in Hostname.objects.for_organization(organization)}
    rows = []
    for face, (label, help_text, example) in _FACES.items():
        hostname = present.get(face.value)
        ours = settings.EMBED_URL if face is Hostname.Face.EMBED else settings.DASHBOARD_URL
        rows.append(
            HostRow(
                face=face.value,
                label=label,
                help=help_text,
                example=f"{example}.example.com",
                form=named.get(face.value) or HostForm(auto_id=f"id_{face.value}_%s"),
                target=urlsplit(ours).hostname or "",
                hostname=hostname,
                record=record_name(hostname) if hostname else "",
                value=record_value(organization) if hostname else "",
                problem=problem.get(face.value, ""),
            )
        )
    return rows


def _brand(organization: Organization) -> Brand:
    return Brand.objects.for_organization(organization).first() or Brand(organization=organization)


def _hostname(request: OrganizationRequest, face: str) -> Hostname:
    own = Hostname.objects.for_organization(request.organization).select_related("organization")
    return get_object_or_404(own, face=_face(face))


def _face(face: str) -> str:
    if face not in Hostname.Face.values:
        raise Http404
    return face


def _back(request: OrganizationRequest) -> HttpResponse:
    return redirect("licenses:branding", slug=request.organization.slug)
