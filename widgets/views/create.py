from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from licenses.models import License
from licenses.services import LimitReached
from widgets.forms import CreateForm
from widgets.services import NotEntitled, create_widget
from widgets.types import all_types
from widgets.views.scope import widget_url


@organization_view(Permission.WIDGET_EDIT)
def create(request: OrganizationRequest) -> HttpResponse:
    licenses = list(License.objects.for_organization(request.organization).with_facts())
    form = CreateForm(request.POST or None, licenses=licenses) if licenses else None
    if form and form.is_valid():
        name, widget_type = form.cleaned_data["name"], form.cleaned_data["widget_type"]
        try:
            widget = create_widget(actor=request.user, license=form.chosen_license, widget_type=widget_type, name=name)
        except (NotEntitled, LimitReached) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{name}” is there. Connect it, make it yours, then publish it.")
            return redirect(widget_url("edit", request, widget))
    kinds = [(kind, not licenses or any(lic.has(kind.feature) for lic in licenses)) for kind in all_types().values()]
    status = 422 if form and form.errors else 200
    return render(request, "widgets/create.html", {"form": form, "kinds": kinds}, status=status)
