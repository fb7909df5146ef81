"""The versions of a widget: what changed in each, how it looks, and the way back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core import tokens
from licenses.services import LimitReached
from widgets.difference import Change, differences
from widgets.editions import duplicate_widget, export_widget, restore_version
from widgets.models import Widget, WidgetVersion
from widgets.services import InvalidConfiguration, NotEntitled
from widgets.views.scope import chat_url, confirm_page, widget_page, widget_url, widget_view

PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    version: WidgetVersion
    changes: list[Change]  # since the one before
    preview: str


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
            differences(model, past.configuration, version.configuration) if past else [],
            _preview_url(request, widget, version.number),
        )
        for version, past in zip(shown, earlier, strict=False)
    ]
    published = widget.published
    pending = differences(model, published.configuration, widget.draft) if published else []
    return widget_page(request, "widgets/versions.html", widget, "versions", page=page, lines=lines, pending=pending)


@widget_view(Permission.WIDGET_EDIT)
def restore(request: OrganizationRequest, widget: Widget, number: int) -> HttpResponse:
    """Also the way to discard a draft: restore what is published. GET asks, POST does it."""
    if request.method != "POST":
        return _ask(request, widget, number)
    # A guest may replace secrets and not get at them: an address of before may be anybody's by now.
    with_connection = Permission.CREDENTIAL_SET in request.permissions and not request.acting
    try:
        restore_version(actor=request.user, widget=widget, number=number, with_connection=with_connection)
    except WidgetVersion.DoesNotExist:
        raise Http404 from None
    except InvalidConfiguration:
        messages.error(request, f"Version {number} is of an older form and cannot be taken any more.")
        return redirect(widget_url("versions", request, widget))
    messages.success(request, f"The draft is version {number} again. Sites change when you publish.")
    return redirect(widget_url("edit", request, widget))


def _ask(request: OrganizationRequest, widget: Widget, number: int) -> HttpResponse:
    version = get_object_or_404(widget.versions, number=number)
    changes = differences(widget.type.configuration, widget.draft, version.configuration)
    discarding, count = version.pk == widget.published_id, widget.versions.count()
    kept = f"All {count} versions are" if count > 1 else "Version 1 is"
    told = [
        f"{len(changes)} setting{'' if len(changes) == 1 else 's'} of the draft will be as in version {number}."
        if changes
        else f"The draft’s configuration is that of version {number} already.",
        f"{kept} kept, and the websites show what they show now.",
    ]
    if widget.has_unpublished_changes:
        told.append("What the draft holds and no version does is gone for good.")
    title = "Discard the draft?" if discarding else f"Restore version {number}?"
    deed = "Discard the draft" if discarding else f"Restore version {number}"
    return confirm_page(request, widget, "versions", title=title, told=told, deed=deed, changes=changes)


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


def _preview_url(request: OrganizationRequest, widget: Widget, number: int) -> str:
    """See embed/previews.py, on a floor above."""
    claims = {"l": widget.license.public_id, "w": widget.public_id, "u": request.user.pk, "v": number}
    return f"{chat_url(widget)}&preview={tokens.mint('preview', claims)}&page=1"
