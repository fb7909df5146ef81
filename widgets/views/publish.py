from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from widgets.contrast import contrast_warnings
from widgets.forms import PublishForm
from widgets.models import Widget
from widgets.services import NotReady, publish_widget, unpublish_widget, what_is_missing
from widgets.views.scope import reach_url, widget_page, widget_url, widget_view


@widget_view(Permission.WIDGET_EDIT)
def publish(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = PublishForm(request.POST or None)
    problems = what_is_missing(widget)
    if request.method == "POST" and form.is_valid():
        try:
            version = publish_widget(actor=request.user, widget=widget, note=form.cleaned_data["note"])
        except NotReady as error:
            problems = error.problems
        else:
            messages.success(request, f"Version {version.number} is live.")
            return redirect(widget_url("install", request, widget))
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "problems": problems,
        "warnings": contrast_warnings(widget.type.contrasts, widget.draft),
        "reach": reach_url(request, [widget]),
        "versions": widget.versions.select_related("author")[:10],
    }
    return widget_page(request, "widgets/publish.html", widget, "publish", status=status, **context)


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def unpublish(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    unpublish_widget(actor=request.user, widget=widget)
    messages.success(request, "Sites no longer show this widget. Publish it to bring it back.")
    return redirect(widget_url("publish", request, widget))
