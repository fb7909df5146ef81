"""Autosave: the draft as JSON, with the revision it was made from."""

import re

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core.codes import Code
from core.http import BadRequest, error_response, json_response, read_json
from widgets.models import Widget
from widgets.services import InvalidConfiguration, StaleDraft, save_draft
from widgets.standing import standing
from widgets.views.scope import widget_view

LIMIT = 256 * 1024  # bytes of a configuration


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def save(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`{configuration}` with If-Match: "<revision>" → `{revision, standing}`. 412 with `{revision, configuration}` when
    somebody else has stored in the meantime, 422 with `{errors}` (path → sentence) when it cannot be stored.
    """
    revision = re.fullmatch(r'"(\d{1,9})"', request.headers.get("If-Match", ""))
    try:
        configuration = read_json(request, limit=LIMIT).get("configuration")
    except BadRequest as bad:
        return error_response(bad.code)
    if revision is None or not isinstance(configuration, dict):
        return error_response(Code.BAD_REQUEST)
    try:
        saved = save_draft(actor=request.user, widget=widget, configuration=configuration, revision=int(revision[1]))
    except InvalidConfiguration as error:
        return json_response({"errors": error.errors}, 422)
    except StaleDraft as error:
        theirs = error.widget
        return json_response({"revision": theirs.draft_revision, "configuration": theirs.draft}, 412)
    stands = standing(saved, timezone.now())
    told = {"word": stands.word, "tone": stands.tone, "detail": stands.detail}
    return json_response({"revision": saved.draft_revision, "standing": told})
