"""The versions of a widget: what changed in each, how it looks, and the way back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core.crypto import same_sealed
from licenses.services import LimitReached
from widgets.difference import Change, all_differences
from widgets.editions import duplicate_widget, export_widget, restore_version
from widgets.models import Widget, WidgetVersion
from widgets.services import InvalidConfiguration, NotEntitled, StaleDraft
from widgets.views.scope import confirm_page, preview_url, sent_revision, widget_page, widget_url, widget_view

PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    version: WidgetVersion
    changes: list[Change]  # since the one before
    preview: str
    is_draft: bool  # so that restoring it would change nothing


@require_safe
@widget_view(Permission.WIDGET_EDIT)
def versions(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    model = widget.type.configuration
    page = Paginator(widget.versions.select_related("author"), PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    oldest = shown[-1].number if shown else 0
    before = widget.versions.filter(number__lt=oldest).first()  # what the last line is compared with
    earlier = [*shown[1:], before]
    lines = [
        Line(
            version,
            all_differences(model, past.content, version.content) if past else [],
            preview_url(request, widget, version.number),
            _is_draft(request, widget, version),
        )
        for version, past in zip(shown, earlier, strict=False)
    ]
    published = widget.published
    pending = all_differences(model, published.content, widget.content) if published else []
    return widget_page(request, "widgets/versions.html", widget, "versions", page=page, lines=lines, pending=pending)


@widget_view(Permission.WIDGET_EDIT)
def restore(request: OrganizationRequest, widget: Widget, number: int) -> HttpResponse:
    """Also the way to discard a draft: restore what is published. GET asks, POST does it."""
    if request.method != "POST":
        return _ask(request, widget, number)
    try:
        restore_version(
            widget=widget,
            number=number,
            with_connection=_may_connect(request),
            revision=sent_revision(request),
        )
    except StaleDraft as error:
        return _ask(request, error.widget, number, stale=True, status=409)
    except WidgetVersion.DoesNotExist:
        raise Http404 from None
    except InvalidConfiguration:
        messages.error(request, f"Version {number} is of an older form and cannot be taken any more.")
        return redirect(widget_url("versions", request, widget))
    messages.success(request, f"The draft is version {number} again. Sites change when you publish.")
    return redirect(widget_url("edit", request, widget))


def _may_connect(request: OrganizationRequest) -> bool:
    """A guest may replace secrets and not get at them: an address of before may be anybody's by now."""
    return Permission.CREDENTIAL_SET in request.permissions and not request.acting


def _is_draft(request: OrganizationRequest, widget: Widget, version: WidgetVersion) -> bool:
    """As far as this person would restore it."""
    if version.configuration != widget.draft:
        return False
    return not _may_connect(request) or same_sealed(version.connection, widget.draft_connection)


def _ask(request: OrganizationRequest, widget: Widget, number: int, **context: Any) -> HttpResponse:
    version = get_object_or_404(widget.versions, number=number)
    asked = f"version {number}"
    connection = version.connection if _may_connect(request) else widget.draft_connection
    changes = all_differences(widget.type.configuration, widget.content, (version.configuration, connection))
    told = _told(widget, version, changes)
    title, deed = f"Restore {asked}?", f"Restore {asked}"
    if version.pk == widget.published_id:
        title, deed = "Discard the draft?", "Discard the draft"
    context |= {"changes": changes, "revision": widget.draft_revision}
    return confirm_page(request, widget, "versions", title=title, told=told, deed=deed, **context)


def _told(widget: Widget, version: WidgetVersion, changes: list[Change]) -> list[str]:
    asked, count = f"version {version.number}", widget.versions.count()
    settings = [change for change in changes if change.path != "connection"]
    told = [
        f"{len(settings)} setting{'' if len(settings) == 1 else 's'} of the draft will be as in {asked}."
        if settings
        else f"The draft’s configuration is that of {asked} already."
    ]
    if settings != changes:
        told.append(f"The connection changes too: the other side will be reached as in {asked}.")
    elif not same_sealed(version.connection, widget.draft_connection):
        told.append(f"The connection of {asked} is another. The draft keeps its own: your role does not set it.")
    kept = f"All {count} versions are" if count > 1 else "Version 1 is"
    told.append(f"{kept} kept, and the websites show what they show now.")
    if widget.has_unpublished_changes:
        told.append("What the draft holds and no version does is gone for good.")
    return told


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def duplicate(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    name = f"Copy of {widget.name}"[:80]
    try:
        copy = duplicate_widget(actor=request.user, widget=widget, name=name)
    except (NotEntitled, LimitReached) as error:
        messages.error(request, str(error))
        return redirect(widget_url("settings", request, widget))
    except InvalidConfiguration:
        messages.error(request, "The draft is of an older form. Look through it under Configuration and save it.")
        return redirect(widget_url("settings", request, widget))
    messages.success(request, f"“{name}” is there. Secrets are not copied: store them under Connection.")
    return redirect(widget_url("edit", request, copy))


@require_safe
@widget_view(Permission.WIDGET_EDIT)
def export(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    response = HttpResponse(export_widget(widget), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slugify(widget.name) or "widget"}.json"'
    return response
