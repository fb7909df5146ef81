"""What the configurator asks on the dashboard: how the configuration that is being typed looks to the preview."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core.crypto import UnsealError
from core.hosts import dashboard_origin
from core.http import BadRequest, error_response, json_response, read_json
from embed.direct import direct_rules
from embed.frames import build_frame_page
from embed.loader import bake, style_variables
from embed.loader_config import frame_path, loader_config
from embed.previews import mint_preview, sign_visitor
from embed.snapshot import shows_branding
from widgets import credentials
from widgets.models import Widget
from widgets.services import draft_connection
from widgets.types.base import STORED
from widgets.types.common import CommonConfiguration
from widgets.types.languages import localized
from widgets.types.wording import sentence
from widgets.views.scope import widget_view

LIMIT = 256 * 1024  # bytes of a configuration


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def preview_config(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`{configuration, identified?}` → `{urls, problems}` and, where the configuration is valid, `{key, frame, loader,
    direct}`; nothing is stored. `direct`: see embed/direct.py; its paths lead into `{frame, loader}`.
    """
    try:
        asked = read_json(request, limit=LIMIT)
    except BadRequest as bad:
        return error_response(bad.code)
    answer: dict[str, Any] = {"urls": _urls(request, widget), "problems": {}}
    if asked.get("identified"):
        answer["identity"] = _identity(widget)
    try:
        answer |= _preview(widget, asked.get("configuration"))
    except ValidationError as error:
        answer["problems"] = {".".join(map(str, e["loc"])): sentence(e) for e in error.errors()}
    return json_response(answer)


def _preview(widget: Widget, values: Any) -> dict[str, Any]:
    kind, license = widget.type, widget.license
    typed = kind.configuration.model_validate(values, context=STORED)
    language = typed.visitors.language
    connection = draft_connection(widget) or kind.connection()
    branding = shows_branding(license, typed)
    configuration = localized(typed, language)
    page = build_frame_page(license.public_id, widget, 0, configuration, connection, branding=branding)

    def loader(configuration: CommonConfiguration) -> dict[str, Any]:
        config = loader_config(license.public_id, widget, configuration, embed=embed_url(license.organization))
        return {**bake(config), "variables": style_variables(config["l"], config["win"])}

    def tree() -> dict[str, Any]:
        configuration = localized(typed, language)
        shown = {"frame": kind.frame_config(configuration, connection), "loader": loader(configuration)}
        del shown["loader"]["css"]  # made of the variables
        return shown

    return {
        "key": page.key,
        "frame": page.boot["config"],
        "loader": loader(configuration),
        "direct": direct_rules(typed, tree),
    }


def _urls(request: OrganizationRequest, widget: Widget) -> dict[str, str]:
    license_id = widget.license.public_id
    token = mint_preview(
        license_id=license_id,
        widget_id=widget.public_id,
        editor=request.user.pk,
        dashboard=dashboard_origin(request),
    )
    embed = embed_url(widget.license.organization)
    page = frame_path(widget.widget_type, license_id, widget.public_id)
    query = urlencode({"preview": token})
    return {
        "host": f"{embed}{reverse('embed:preview-host')}?{query}",
        "page": f"{embed}{page}&{query}&page=1",
    }


def _identity(widget: Widget) -> str | None:
    """None without an identity secret."""
    stored = widget.credentials.filter(kind="identity_secret").first()
    if stored is None:
        return None
    try:
        secret = credentials.open_credential(stored)
    except UnsealError:
        return None
    return sign_visitor(widget, secret.reveal())
