"""One deed for many widgets: each by the same service as alone, and told which would not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import User
from accounts.permissions import Permission
from core.lists import picked
from widgets.contrast import contrast_warnings
from widgets.difference import all_differences
from widgets.forms import DeleteManyForm
from widgets.models import PlannedPublication, Widget
from widgets.services import NotReady, StaleDraft, delete_widget, publish_widget, set_enabled, what_is_missing
from widgets.standing import in_use
from widgets.views.scope import reach_url, sent_revision

Deed = Callable[[User, Widget, int], object]  # the number: of the draft that was looked at
DEEDS: dict[str, tuple[Deed, str]] = {
    "publish": (
        lambda actor, widget, revision: publish_widget(actor=actor, widget=widget, revision=revision),
        "published",
    ),
    "on": (lambda actor, widget, _: set_enabled(actor=actor, widget=widget, enabled=True), "switched on"),
    "off": (lambda actor, widget, _: set_enabled(actor=actor, widget=widget, enabled=False), "switched off"),
    "delete": (lambda actor, widget, _: delete_widget(actor=actor, widget=widget), "deleted"),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """Of a deed on one widget, in sentences."""

    widget: Widget
    told: list[str]
    happens: bool = True


@require_POST
@organization_view(Permission.WIDGET_EDIT)
def bulk(request: OrganizationRequest) -> HttpResponse:
    """`action` and `pick`, from the list whose address the query repeats."""
    back = f"{reverse('widgets:list', args=[request.organization.slug])}?{request.GET.urlencode()}"
    own = Widget.objects.for_organization(request.organization).with_state()
    widgets = list(picked(request.POST, own).order_by("pk"))
    action = request.POST.get("action", "")
    if action not in DEEDS:
        return redirect(back)
    if not widgets:
        messages.error(request, "Nothing is selected. Tick the widgets that are meant.")
    elif question := _question(request, action, widgets, back):
        return question
    else:
        _do(request, action, widgets)
    return redirect(back)


def _do(request: OrganizationRequest, action: str, widgets: Sequence[Widget]) -> None:
    deed, participle = DEEDS[action]
    done, refused = 0, []
    for widget in widgets:
        try:
            deed(request.user, widget, sent_revision(request, f"revision-{widget.public_id}"))
            done += 1
        except (NotReady, StaleDraft) as error:
            refused.append(f"“{widget.name}” was left as it is: {error}")
    if done:
        messages.success(request, f"{_number(done)} {participle}.")
    for sentence in refused:
        messages.error(request, sentence)


def _question(request: OrganizationRequest, action: str, widgets: Sequence[Widget], back: str) -> HttpResponse | None:
    """None once it is answered, and where nobody loses anything."""
    context: dict[str, Any] = {"widgets": widgets, "reach": reach_url(request, widgets), "back": back}
    context["live"] = sum(in_use(widget) for widget in widgets)
    if action == "delete":
        return _delete_question(request, context)
    if action == "on" or "sure" in request.POST:
        return None
    plans = PlannedPublication.objects.for_organization(request.organization).filter(widget__in=widgets)
    planned = set(plans.waiting().values_list("widget", flat=True))
    effect_of = _of_publishing if action == "publish" else _of_switching_off
    context["effects"] = [effect_of(widget, planned=widget.pk in planned) for widget in widgets]
    count = sum(effect.happens for effect in context["effects"])
    verb = "Publish" if action == "publish" else "Switch off"
    context |= {"action": action, "count": count, "deed": f"{verb} {_number(count)}"}
    return render(request, "widgets/many.html", context)


def _of_publishing(widget: Widget, *, planned: bool) -> Effect:
    if problems := what_is_missing(widget):
        return Effect(widget, [f"It will be left as it is. {' '.join(problems)}"], happens=False)
    live = widget.published
    told = ["Nothing of it is on the sites now: they will show it."]
    if live:
        count = len(all_differences(widget.type.configuration, live.content, widget.content))
        told = [f"{count} change{'' if count == 1 else 's'} since version {live.number}, which the sites show."]
    if planned:
        told.append("The scheduled publication stays, and replaces this at its time.")
    return Effect(widget, told + contrast_warnings(widget.type.contrasts, widget.draft))


def _of_switching_off(widget: Widget, *, planned: bool) -> Effect:
    told = ["The sites that have it lose the chat." if in_use(widget) else "Sites show nothing of it now."]
    if planned:
        told.append("The scheduled publication stays; sites show it only once the widget is on again.")
    return Effect(widget, told)


def _delete_question(request: OrganizationRequest, context: dict[str, Any]) -> HttpResponse | None:
    """None once it is answered: the number of them is typed."""
    form = DeleteManyForm(request.POST if "typed" in request.POST else None, count=len(context["widgets"]))
    if form.is_valid():
        return None
    belongings = picked(request.POST, Widget.objects.for_organization(request.organization)).belongings()
    status = 422 if form.errors else 200
    return render(request, "widgets/delete_many.html", context | belongings | {"form": form}, status=status)


def _number(count: int) -> str:
    return f"{count} widget{'' if count == 1 else 's'}"
