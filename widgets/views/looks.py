"""What the configurator's gallery offers, and what is kept in it."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core.codes import Code
from core.http import BadRequest, error_response, json_response, read_json
from widgets.difference import differences
from widgets.editions import Unreadable, look_of, read_export
from widgets.models import Preset, Widget
from widgets.presets import TooMany, delete_preset, save_preset
from widgets.services import InvalidConfiguration
from widgets.views.scope import widget_view

LIMIT = 256 * 1024  # bytes of a file
_OTHERS = 50


@require_safe
@widget_view(Permission.WIDGET_EDIT)
def looks(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`{ready, own, others}`: each `[{name, values, id?}]`, values to be merged over a configuration."""
    own = Preset.objects.for_organization(request.organization).filter(widget_type=widget.widget_type)
    others = Widget.objects.for_organization(request.organization).filter(widget_type=widget.widget_type)
    return json_response(
        {
            "ready": [{"name": look.name, "values": look.values} for look in widget.type.looks],
            "own": [{"id": preset.pk, "name": preset.name, "values": preset.values} for preset in own],
            "others": [
                {"name": other.name, "values": look_of(other.draft)} for other in others.exclude(pk=widget.pk)[:_OTHERS]
            ],
        }
    )


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def keep_look(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`{name}` keeps the stored draft's look; `{delete: id}` deletes one."""
    try:
        asked = read_json(request, limit=4096)
    except BadRequest as bad:
        return error_response(bad.code)
    if isinstance(asked.get("delete"), int):
        preset = Preset.objects.for_organization(request.organization).filter(pk=asked["delete"]).first()
        if preset is None:
            return error_response(Code.NOT_FOUND)
        delete_preset(actor=request.user, preset=preset)
        return json_response({})
    name = str(asked.get("name", "")).strip()
    if not 0 < len(name) <= 60:
        return json_response({"message": "Give it a name of at most 60 characters."}, 422)
    try:
        save_preset(actor=request.user, widget=widget, name=name)
    except TooMany as error:
        return json_response({"message": str(error)}, 422)
    return json_response({})


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def read_file(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """A file that was exported → `{configuration, changes}`; nothing is stored. 422: `{message, errors?}`."""
    if len(request.body) > LIMIT:
        return error_response(Code.TOO_LARGE)
    try:
        configuration = read_export(widget, request.body)
    except Unreadable as error:
        return json_response({"message": str(error)}, 422)
    except InvalidConfiguration as error:
        told: dict[str, Any] = {"message": "The file holds what cannot be.", "errors": error.errors}
        return json_response(told, 422)
    changes = differences(widget.type.configuration, widget.draft, configuration)
    shown = [{"label": change.label, "before": change.before, "after": change.after} for change in changes]
    return json_response({"configuration": configuration, "changes": shown})
