"""Putting a draft on the sites, now or later, and taking the chat off them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from widgets.contrast import contrast_warnings
from widgets.difference import Change, all_differences
from widgets.forms import PlanForm, PublishForm
from widgets.models import PlannedPublication, Widget, WidgetVersion
from widgets.planning import WrongTime, cancel_plan, plan_publication
from widgets.services import NotReady, StaleDraft, gaps, publish_widget, unpublish_widget
from widgets.views.scope import confirm_page, sent_revision, widget_page, widget_url, widget_view


@widget_view(Permission.WIDGET_EDIT)
def publish(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = PublishForm(request.POST or None)
    if request.method != "POST":
        return _page(request, widget, status=200)
    if form.is_valid():
        note, revision = form.cleaned_data["note"], sent_revision(request)
        try:
            version = publish_widget(actor=request.user, widget=widget, note=note, revision=revision)
        except StaleDraft as error:
            return _page(request, error.widget, status=409, form=form)
        except NotReady:
            pass  # the page says why
        else:
            messages.success(request, f"Version {version.number} is live.")
            return redirect(widget_url("install", request, widget))
    return _page(request, widget, status=422, form=form)


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def plan(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = PlanForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data | {"revision": sent_revision(request)}
        try:
            plan_publication(actor=request.user, widget=widget, now=timezone.now(), **facts)
        except StaleDraft as error:
            return _page(request, error.widget, status=409, plan_form=form)
        except WrongTime as error:
            form.add_error("at", str(error))
        except NotReady:
            pass  # the page says why
        else:
            messages.success(request, "It is scheduled. You may go on with the draft: that changes nothing of it.")
            return redirect(widget_url("publish", request, widget))
    return _page(request, widget, status=422, plan_form=form)


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def unplan(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    if cancel_plan(actor=request.user, widget=widget, now=timezone.now()):
        messages.success(request, "The schedule is cancelled. Nothing changes on the sites.")
    else:
        messages.warning(request, "Nothing was scheduled any more: it has just been carried out or cancelled.")
    return redirect(widget_url("publish", request, widget))


@widget_view(Permission.WIDGET_EDIT)
def unpublish(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """GET asks, POST does it."""
    if request.method != "POST":
        kept = widget.versions.count()
        told = [
            "The chat ends on every website within seconds. Visitors who chat at the moment cannot go on.",
            f"The draft stays, and so {'do' if kept > 1 else 'does'} {_number(kept, 'version')}.",
        ]
        if widget.plans.waiting().exists():
            told.append("The scheduled publication stays, and brings the chat back. Cancel it on the Publish page.")
        return confirm_page(request, widget, "publish", title="Unpublish?", told=told, deed="Unpublish")
    unpublish_widget(actor=request.user, widget=widget)
    messages.success(request, "Sites no longer show this widget. Publish it to bring it back.")
    return redirect(widget_url("publish", request, widget))


def _page(request: OrganizationRequest, widget: Widget, *, status: int, **context: Any) -> HttpResponse:
    """409: the draft is not any more what was looked at."""
    shown: dict[str, Any] = {
        "form": PublishForm(),
        "plan_form": PlanForm(),
        "stale": status == 409,
        "problems": gaps(widget, *widget.content),
        "warnings": contrast_warnings(widget.type.contrasts, widget.draft),
        "versions": widget.versions.select_related("author")[:10],
        "pending": _since(widget, widget.published) if widget.published else [],
    }
    waiting = widget.plans.waiting().select_related("planned_by").first()
    if waiting:
        shown["waiting"], shown["since_planned"] = waiting, _since(widget, waiting)
    return widget_page(request, "widgets/publish.html", widget, "publish", status=status, **(shown | context))


def _since(widget: Widget, past: WidgetVersion | PlannedPublication) -> list[Change]:
    return all_differences(widget.type.configuration, past.content, widget.content)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
