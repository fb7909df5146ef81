"""Sealed text (`sealed`, `connection`, `draft_connection`) stands on no page of the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import actor_of
from accounts.readonly import AddThroughServiceAdmin, ReadOnlyAdmin
from licenses.services import LimitReached
from widgets.models import Credential, PlannedPublication, Preset, PreviewLink, Widget, WidgetVersion
from widgets.services import NotEntitled, create_widget
from widgets.types import all_types


class WidgetForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    widget_type = forms.ChoiceField(
        choices=lambda: [(kind.id, kind.label) for kind in all_types().values()], help_text="Chosen once."
    )

    class Meta:
        model = Widget
        fields = ("license", "name")


@admin.register(Widget)
class WidgetAdmin(AddThroughServiceAdmin):
    add_form = WidgetForm
    add_fields = ("license", "name", "widget_type")
    refusals = (NotEntitled, LimitReached)
    list_display = ("name", "public_id", "widget_type", "organization", "license", "enabled", "published")
    list_filter = ("widget_type", "enabled", ("published", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "license", "published__widget")
    search_fields = ("name", "public_id", "license__public_id", "organization__name", "organization__public_id")
    fields = (
        "name",
        "public_id",
        "widget_type",
        "organization",
        "license",
        "enabled",
        "is_default",
        "published",
        "draft_revision",
        "draft",
        "created_at",
    )

    def add(self, request: HttpRequest, values: dict[str, Any]) -> Widget:
        return create_widget(actor=actor_of(request), **values)


@admin.register(WidgetVersion)
class WidgetVersionAdmin(ReadOnlyAdmin):
    list_display = ("widget", "number", "organization", "author", "created_at", "note")
    list_filter = ("created_at", "widget__widget_type")
    list_select_related = ("widget", "organization", "author")
    search_fields = ("widget__name", "widget__public_id", "organization__public_id")
    fields = ("widget", "number", "organization", "author", "note", "configuration", "created_at")


@admin.register(PlannedPublication)
class PlannedPublicationAdmin(ReadOnlyAdmin):
    list_display = ("widget", "organization", "publish_at", "planned_by", "outcome", "ended_at")
    list_filter = ("outcome", "publish_at")
    list_select_related = ("widget", "organization", "planned_by")
    search_fields = ("widget__name", "widget__public_id", "organization__public_id")
    fields = (
        "widget",
        "organization",
        "publish_at",
        "zone",
        "note",
        "planned_by",
        "planned_at",
        "outcome",
        "ended_at",
        "problem",
        "configuration",
    )


@admin.register(PreviewLink)
class PreviewLinkAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "widget", "organization", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("expires_at", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("widget", "organization", "created_by")
    search_fields = ("public_id", "widget__public_id", "organization__public_id")


@admin.register(Credential)
class CredentialAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "widget", "kind", "last4", "fingerprint", "organization", "updated_at")
    list_filter = ("kind", "updated_at")
    list_select_related = ("widget", "organization")
    search_fields = ("public_id", "fingerprint", "widget__public_id", "organization__public_id")
    fields = ("public_id", "widget", "kind", "last4", "fingerprint", "organization", "updated_at")


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    list_display = ("name", "widget_type", "organization", "created_at")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name", "organization__public_id")
    fields = ("name", "widget_type", "organization", "values", "created_at")
