"""The organization's webhooks: where events go, and what became of each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import webhooks
from accounts.decorators import OrganizationRequest, organization_view
from accounts.events import KINDS
from accounts.forms.machines import EndpointForm, RotateForm
from accounts.freshness import fresh_deeds_required
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.permissions import Permission
from accounts.webhooks import InvalidEndpoint

PAGE = 25


@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def endpoints(request: OrganizationRequest) -> HttpResponse:
    form = EndpointForm(request.POST or None, initial={"events": list(KINDS)})
    if form.is_valid():
        try:
            endpoint, secret = webhooks.create_endpoint(
                actor=request.user, organization=request.organization, **form.cleaned_data
            )
        except InvalidEndpoint as error:
            form.add_error(error.field or None, str(error))
        else:
            return _detail(request, endpoint, status=201, secret=secret.reveal())
    own = WebhookEndpoint.objects.for_organization(request.organization)
    status = 422 if form.errors else 200
    return render(request, "accounts/webhooks.html", {"form": form, "endpoints": own}, status=status)


@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def endpoint(request: OrganizationRequest, endpoint_id: str) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    if request.method != "POST":
        return _detail(request, found)
    form = EndpointForm(request.POST)
    if form.is_valid():
        try:
            webhooks.edit_endpoint(actor=request.user, endpoint=found, **form.cleaned_data)
        except InvalidEndpoint as error:
            form.add_error(error.field or None, str(error))
        else:
            return _back(request, found, "The endpoint is saved.")
    return _detail(request, found, status=422, form=form)


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def rotate(request: OrganizationRequest, endpoint_id: str) -> HttpResponse:
    found, form = _endpoint(request, endpoint_id), RotateForm(request.POST)
    if not form.is_valid():
        return _detail(request, found, status=422, rotate_form=form)
    secret = webhooks.rotate_secret(actor=request.user, endpoint=found, now=timezone.now(), overlap=form.overlap)
    return _detail(request, _endpoint(request, endpoint_id), secret=secret.reveal())


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def switch(request: OrganizationRequest, endpoint_id: str) -> HttpResponse:
    found, enabled = _endpoint(request, endpoint_id), request.POST.get("enabled") == "on"
    webhooks.set_endpoint_enabled(actor=request.user, endpoint=found, enabled=enabled, now=timezone.now())
    return _back(request, found, "It gets events again." if enabled else "It gets no events until you switch it on.")


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def delete(request: OrganizationRequest, endpoint_id: str) -> HttpResponse:
    webhooks.delete_endpoint(actor=request.user, endpoint=_endpoint(request, endpoint_id))
    messages.success(request, "The endpoint and its log are deleted.")
    return redirect("accounts:webhooks", slug=request.organization.slug)


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def test(request: OrganizationRequest, endpoint_id: str) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    try:
        webhooks.send_test(actor=request.user, endpoint=found)
    except InvalidEndpoint as error:
        return _back(request, found, str(error), messages.ERROR)
    return _back(request, found, "The test event goes out within seconds. Reload the page to see how it went.")


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def replay(request: OrganizationRequest, endpoint_id: str, delivery_id: str) -> HttpResponse:
    found = _endpoint(request, endpoint_id)
    own = WebhookDelivery.objects.for_organization(request.organization).filter(endpoint=found)
    delivery = get_object_or_404(own, public_id=delivery_id)
    try:
        webhooks.replay(actor=request.user, delivery=delivery, now=timezone.now())
    except InvalidEndpoint as error:
        return _back(request, found, str(error), messages.ERROR)
    return _back(request, found, f"{delivery.event} is sent again.")


def _endpoint(request: OrganizationRequest, endpoint_id: str) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint.objects.for_organization(request.organization), public_id=endpoint_id)


def _back(
    request: OrganizationRequest, found: WebhookEndpoint, text: str, level: int = messages.SUCCESS
) -> HttpResponse:
    messages.add_message(request, level, text)
    return redirect("accounts:webhook", slug=request.organization.slug, endpoint_id=found.public_id)


def _detail(request: OrganizationRequest, found: WebhookEndpoint, *, status: int = 200, **context: Any) -> HttpResponse:
    rows = WebhookDelivery.objects.for_organization(request.organization).filter(endpoint=found)
    stored = {"url": found.url, "description": found.description, "events": found.events}
    everywhere = {
        "endpoint": found,
        "form": EndpointForm(initial=stored),
        "rotate_form": RotateForm(),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "accounts/webhook.html", everywhere | context, status=status)
