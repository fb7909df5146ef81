"""A widget's name, its switch, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from widgets.forms import DeleteForm, NameForm
from widgets.models import Widget
from widgets.services import delete_widget, rename_widget, set_enabled
from widgets.views.scope import widget_page, widget_url, widget_view


@widget_view(Permission.WIDGET_EDIT)
def settings(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": widget.name})
    if request.method == "POST" and form.is_valid():
        rename_widget(actor=request.user, widget=widget, name=form.cleaned_data["name"])
        messages.success(request, "The name is changed.")
        return redirect(widget_url("settings", request, widget))
    return _page(request, widget, name_form=form)


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def switch(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    enabled = request.POST.get("enabled") == "on"
    set_enabled(actor=request.user, widget=widget, enabled=enabled)
    messages.success(request, "The widget is on." if enabled else "The widget is off. Nobody can chat with it.")
    return redirect(widget_url("settings", request, widget))


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def delete(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = DeleteForm(request.POST, name=widget.name)
    if not form.is_valid():
        return _page(request, widget, delete_form=form)
    delete_widget(actor=request.user, widget=widget)
    messages.success(request, f"“{widget.name}” is deleted.")
    return redirect("widgets:list", slug=request.organization.slug)


def _page(
    request: OrganizationRequest,
    widget: Widget,
    *,
    name_form: NameForm | None = None,
    delete_form: DeleteForm | None = None,
) -> HttpResponse:
    forms = {
        "name_form": name_form or NameForm(initial={"name": widget.name}),
        "delete_form": delete_form or DeleteForm(name=widget.name),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    counts = Widget.objects.for_organization(request.organization).filter(pk=widget.pk).belongings()
    return widget_page(request, "widgets/settings.html", widget, "settings", status=status, **forms, **counts)
