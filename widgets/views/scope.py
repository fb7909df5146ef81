"""What every page of one widget begins and ends with."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest, View, organization_view
from accounts.permissions import Permission
from core import tokens
from widgets.models import PlannedPublication, Widget
from widgets.standing import Standing, in_use, standing


def widget_view(permission: Permission) -> Callable[[View], View]:
    """For paths with `slug` and `widget_id`: `view(request, widget)`. 404 for what is not this organization's."""

    def decorate(view: View) -> View:
        @organization_view(permission)
        def wrapped(request: OrganizationRequest, widget_id: str, **kwargs: Any) -> HttpResponseBase:
            return view(request, get_widget(request, widget_id), **kwargs)

        return wrapped

    return decorate


def get_widget(request: OrganizationRequest, widget_id: str) -> Widget:
    widgets = Widget.objects.for_organization(request.organization).with_state()
    return get_object_or_404(widgets, public_id=widget_id)


def widget_page(
    request: OrganizationRequest, template: str, widget: Widget, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page under the widget's name, state and tabs."""
    stands = standing(widget, timezone.now())
    everywhere = {
        "widget": widget,
        "tab": tab,
        "standing": stands,
        "opening": _opening(request, widget, stands),
        "plan_told": plan_told(widget),
        "reach": reach_url(request, [widget]),
    }
    response = render(request, template, everywhere | context, status=status)
    chats = embed_url(request.organization)
    if chats != settings.EMBED_URL:  # which the policy names anyway
        response._csp_update = {"frame-src": [chats]}  # type: ignore[attr-defined]
    return response


def form_to_chats(view: View) -> View:
    """For a page with a form that leads to the visitors' host, with tokens that must not stand in an address."""

    @wraps(view)
    def wrapped(request: OrganizationRequest, widget: Widget) -> HttpResponseBase:
        response = view(request, widget)
        update = getattr(response, "_csp_update", {}) | {"form-action": [embed_url(request.organization)]}
        response._csp_update = update  # type: ignore[attr-defined]
        return response

    return wrapped


def sent_revision(request: OrganizationRequest, field: str = "revision") -> int:
    """Of the draft on which a form was made, as its hidden field says; 0, which none has, where it says nothing."""
    sent = request.POST.get(field, "")
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def confirm_page(
    request: OrganizationRequest,
    widget: Widget,
    tab: str,
    *,
    title: str,
    told: Sequence[str],
    deed: str,
    **context: Any,
) -> HttpResponse:
    """Asks before a deed, at its own address. told: what it does, in numbers."""
    back = widget_url(tab, request, widget)
    shown = {"title": title, "told": told, "deed": deed, "back": back} | context
    return widget_page(request, "widgets/confirm.html", widget, tab, **shown)


def plan_told(widget: Widget) -> PlannedPublication | None:
    """The publication that is waiting, or the last one if it failed and was not made up for."""
    last = widget.plans.first() if widget.has_plans else None
    if last is None or last.outcome == "":
        return last
    return last if last.outcome == last.Outcome.FAILED and not _made_up_for(widget, last) else None


def _made_up_for(widget: Widget, plan: PlannedPublication) -> bool:
    live = widget.published
    return bool(plan.ended_at and live and live.created_at > plan.ended_at)


def chat_url(widget: Widget) -> str:
    """The full-page chat. By name: the frame is on a floor above."""
    names = {"widget_type": widget.widget_type, "license_id": widget.license.public_id}
    return f"{embed_url(widget.license.organization)}{reverse('embed:frame', kwargs=names)}?widget={widget.public_id}"


def preview_url(request: OrganizationRequest, widget: Widget, version: int = 0) -> str:
    """The chat on a page of its own, for whoever edits it: the draft, or a version. See embed/previews.py, on a floor
    above."""
    claims = {"l": widget.license.public_id, "w": widget.public_id, "u": request.user.pk, "v": version}
    return f"{chat_url(widget)}&preview={tokens.mint('preview', claims)}&page=1"


def _opening(request: OrganizationRequest, widget: Widget, stands: Standing) -> tuple[str, str] | None:
    """What can be looked at under the widget's name, address and words: sites' visitors are let into what is live."""
    if stands.tone == "bad":
        return None
    if in_use(widget):
        return chat_url(widget), "Open the chat"
    if Permission.WIDGET_EDIT in request.permissions:
        return preview_url(request, widget), "Preview the draft"
    return None


def reach_url(request: OrganizationRequest, widgets: Iterable[Widget]) -> str:
    """What would notice if these were gone: a part of a page, made on a floor above."""
    query = urlencode({"pick": [widget.public_id for widget in widgets]}, doseq=True)
    return f"{reverse('widgets:reach', args=[request.organization.slug])}?{query}"


def widget_url(name: str, request: OrganizationRequest, widget: Widget) -> str:
    return reverse(f"widgets:{name}", kwargs={"slug": request.organization.slug, "widget_id": widget.public_id})
