"""What an admin types for the configurator's preview and does not save: in once, and back as a token for its chat."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.freshness import is_fresh, who_are_you
from accounts.permissions import Permission
from core.hosts import dashboard_origin
from core.http import BadRequest, error_response, json_response
from embed.previews import sign_visitor
from embed.trials import SECONDS, TooLong, mint_trial
from embed.visitors import Page, mint_page
from widgets.models import Widget
from widgets.probing import Attempt
from widgets.views.probing import Wrong, attempt_from_json, tell_of_guest
from widgets.views.scope import widget_url, widget_view


@require_POST
@widget_view(Permission.CREDENTIAL_SET)
def preview_secrets(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`{secrets: {kind: text}}` → `{page, identity, seconds}`: a page token for the frame of the draft, and who an
    identified visitor is under the identity secret that was typed. Nothing is stored.

    What is wrong: 422 `{errors: {label: sentence}}`. Who has been logged in for long: 403 `{login_url}`.
    """
    if not is_fresh(request):
        return json_response({"login_url": who_are_you(request, widget_url("edit", request, widget))}, 403)
    try:
        attempt = attempt_from_json(request, widget)
        token = _page_token(request, widget, attempt)
    except BadRequest as bad:
        return error_response(bad.code)
    except Wrong as wrong:
        return json_response({"errors": wrong.errors}, 422)
    except TooLong:
        told = "What is typed is too long to be tried unsaved. Store it under Connection."
        return json_response({"message": told}, 422)
    tell_of_guest(request, widget, "connection.tried", attempt.connection)
    secret = attempt.typed.get("identity_secret")
    identity = sign_visitor(widget, secret) if secret else None
    return json_response({"page": token, "identity": identity, "seconds": SECONDS})


def _page_token(request: OrganizationRequest, widget: Widget, attempt: Attempt) -> str:
    """Raises TooLong."""
    editor = request.user.pk
    trial = mint_trial(widget=widget, editor=editor, connection=attempt.connection, secrets=attempt.typed)
    ids = widget.license.public_id, widget.public_id
    return mint_page(Page(*ids, dashboard_origin(request), "preview", editor, trial=trial))
