"""The test chat on the Connection page: with what is typed there, saved or not."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core.hosts import dashboard_origin
from embed.previews import mint_preview
from embed.trials import TooLong, mint_trial
from widgets.models import Widget
from widgets.views.probing import Wrong, attempt_from_form, fresh_login_told, places, tell_of_guest
from widgets.views.scope import form_to_chats, widget_page, widget_view


@require_POST
@widget_view(Permission.CREDENTIAL_SET)
@form_to_chats
@fresh_login_told("embed/trial_chat.html")
def trial_chat(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """The Connection form → a chat that uses it for ten minutes. Nothing is stored."""
    try:
        attempt = attempt_from_form(request, widget)
        trial = mint_trial(widget=widget, editor=request.user.pk, connection=attempt.connection, secrets=attempt.typed)
    except Wrong as wrong:
        return _page(request, widget, status=422, wrong=places(widget, wrong.errors))
    except TooLong:
        told = "What is typed is too long to be tried unsaved. Save it, and then try."
        return _page(request, widget, status=422, wrong=[("", "Secrets", told)])
    tell_of_guest(request, widget, "connection.tried", attempt.connection)
    dashboard, license = dashboard_origin(request), widget.license
    token = mint_preview(
        license_id=license.public_id, widget_id=widget.public_id, editor=request.user.pk, dashboard=dashboard
    )
    address = f"{embed_url(license.organization)}{reverse('embed:trial')}"
    return _page(request, widget, address=address, preview=token, trial=trial)


def _page(request: OrganizationRequest, widget: Widget, *, status: int = 200, **context: object) -> HttpResponse:
    return widget_page(request, "embed/trial_chat.html", widget, "connection", status=status, **context)
