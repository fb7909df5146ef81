"""One deed for many widgets: each by the same service as alone, and told which would not."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import User
from accounts.permissions import Permission
from core.lists import picked
from widgets.forms import DeleteManyForm
from widgets.models import Widget
from widgets.services import NotReady, delete_widget, publish_widget, set_enabled
from widgets.standing import in_use
from widgets.views.scope import reach_url

Deed = Callable[[User, Widget], object]
DEEDS: dict[str, tuple[Deed, str]] = {
    "publish": (lambda actor, widget: publish_widget(actor=actor, widget=widget), "published"),
    "on": (lambda actor, widget: set_enabled(actor=actor, widget=widget, enabled=True), "switched on"),
    "off": (lambda actor, widget: set_enabled(actor=actor, widget=widget, enabled=False), "switched off"),
    "delete": (lambda actor, widget: delete_widget(actor=actor, widget=widget), "deleted"),
}


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
        messages.error(request, "Nothing was picked. Tick the widgets that are meant.")
    elif action == "delete" and (question := _question(request, widgets, back)):
        return question
    else:
        _do(request, action, widgets)
    return redirect(back)


def _do(request: OrganizationRequest, action: str, widgets: Sequence[Widget]) -> None:
    deed, participle = DEEDS[action]
    done, refused = 0, []
    for widget in widgets:
        try:
            deed(request.user, widget)
            done += 1
        except NotReady as error:
            refused.append(f"“{widget.name}” was left as it is: {error}")
    if done:
        messages.success(request, f"{done} widget{'' if done == 1 else 's'} {participle}.")
    for sentence in refused:
        messages.error(request, sentence)


def _question(request: OrganizationRequest, widgets: Sequence[Widget], back: str) -> HttpResponse | None:
    """None once it is answered: the number of them is typed."""
    form = DeleteManyForm(request.POST if "typed" in request.POST else None, count=len(widgets))
    if form.is_valid():
        return None
    context = {
        "form": form,
        "widgets": widgets,
        "live": sum(in_use(widget) for widget in widgets),
        "reach": reach_url(request, widgets),
        "back": back,
        **picked(request.POST, Widget.objects.for_organization(request.organization)).belongings(),
    }
    return render(request, "widgets/delete_many.html", context, status=422 if form.errors else 200)
