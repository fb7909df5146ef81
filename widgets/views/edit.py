"""The two halves of a draft: what the site shows, and how the other side is reached."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pydantic import BaseModel

from accounts.decorators import OrganizationRequest
from accounts.freshness import fresh_deeds_required
from accounts.permissions import Permission
from widgets import configurator
from widgets.configform import ConfigForm, read
from widgets.models import Widget
from widgets.services import InvalidConfiguration, Part, StaleDraft, draft_connection, save_draft
from widgets.types.base import Connection
from widgets.views.credentials import SecretField, credential_forms, mattering_credentials, save_credentials
from widgets.views.scope import form_to_chats, sent_revision, widget_page, widget_url, widget_view


@dataclass
class Draft:
    """What came of an attempt to save: `values` are shown again as they were typed."""

    values: dict[str, Any]
    revision: int | str  # of what it was made from: the draft's number, or the connection's mark
    errors: dict[str, str] = field(default_factory=dict)
    stale: bool = False
    saved: bool = False

    @property
    def status(self) -> int:
        return 409 if self.stale else 422 if self.errors else 200


@widget_view(Permission.WIDGET_EDIT)
def edit(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    model = widget.type.configuration
    prefetch_related_objects([widget], "credentials")
    draft = Draft(widget.draft, widget.draft_revision)
    if request.method == "POST":
        draft = _save(request, widget, "configuration", model)
        if draft.saved:
            return _after_saving(request, widget, "edit")
    form, connected = ConfigForm(model, draft.values, draft.errors), draft_connection(widget)
    context = {
        "form": form,
        "draft": draft,
        "configurator": configurator,
        "unconnected": _unconnected(widget, connected),
    }
    names = {"draft": "draft", "looks": "looks", "keep": "keep-look", "file": "read-file", "publish": "publish"}
    urls = {f"{key}Url": widget_url(name, request, widget) for key, name in names.items()}
    above = {"previewUrl": "config", "secretsUrl": "secrets"}
    urls |= {key: _preview_url(name, request, widget) for key, name in above.items()}
    if Permission.CREDENTIAL_SET in request.permissions:
        context["secrets"] = mattering_credentials(widget, connected)
    context["facts"] = configurator.facts(widget, draft.revision, undecided=draft.status != 200, urls=urls)
    return widget_page(request, "widgets/edit.html", widget, "edit", status=draft.status, **context)


def _unconnected(widget: Widget, connection: Connection | None) -> list[str]:
    """Why the preview gets no answer."""
    if connection is None:
        return []
    lacking = set(connection.required_credentials()).difference(stored.kind for stored in widget.credentials.all())
    missing = [kind.label for kind in widget.type.credentials if kind.id in lacking]
    told = [f"{label}: none is stored." for label in missing]
    return [*connection.problems(), *told]


def _preview_url(name: str, request: OrganizationRequest, widget: Widget) -> str:
    """By name: the preview is on a floor above."""
    return reverse(f"previews:{name}", kwargs={"slug": request.organization.slug, "widget_id": widget.public_id})


@widget_view(Permission.CREDENTIAL_SET)
@form_to_chats
@fresh_deeds_required
def connection(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """Whoever changes the address receives what is sent there, secrets too: so it takes the right to set secrets, and
    a login that is fresh. To look takes none: no stored secret is shown."""
    model = widget.type.connection
    secrets = credential_forms(widget, request.POST if request.method == "POST" else None)
    refused: list[SecretField] = []
    if request.method == "POST":
        sent, secrets = secrets, save_credentials(request, widget, secrets)  # first: a guest's may go elsewhere if new
        anew = {field.form.kind.id for field in sent if field.form.cleaned_data.get("secret")}
        draft = _save(request, widget, "connection", model, anew=anew if request.acting else None)
        refused = [field for field in secrets if field.form.errors]
        if draft.saved and not refused:
            return _after_saving(request, widget, "connection")
    else:
        stored = draft_connection(widget)
        if stored is None:
            messages.error(request, "What is stored cannot be opened. Enter it again, and save.")
        draft = Draft((stored or model()).model_dump(mode="json"), widget.connection_mark)
    form = ConfigForm(model, draft.values, draft.errors)
    context = {"form": form, "draft": draft, "secrets": secrets, "refused": refused}
    status = 422 if refused and draft.status == 200 else draft.status
    return widget_page(request, "widgets/connection.html", widget, "connection", status=status, **context)


def _save(
    request: OrganizationRequest, widget: Widget, part: Part, model: type[BaseModel], anew: set[str] | None = None
) -> Draft:
    """A connection is compared with the connection alone: what others type in the texts does not stand against it."""
    own = part == "connection"
    draft = Draft(read(model, request.POST), request.POST.get("revision", "") if own else sent_revision(request))
    given: Any = {part: draft.values, "connection_mark" if own else "revision": draft.revision}
    try:
        save_draft(actor=request.user, widget=widget, anew=anew, **given)
    except InvalidConfiguration as error:
        draft.errors = error.errors
    except StaleDraft as error:
        # With theirs the same button saves over it, now knowingly.
        theirs = error.widget
        draft.stale = True
        draft.revision = theirs.connection_mark if own else theirs.draft_revision
    else:
        draft.saved = True
    return draft


def _after_saving(request: OrganizationRequest, widget: Widget, name: str) -> HttpResponse:
    if "then_publish" in request.POST:
        return redirect(widget_url("publish", request, widget))
    messages.success(request, "The draft is saved. Sites change when you publish.")
    return redirect(widget_url(name, request, widget))
