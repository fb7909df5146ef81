from typing import Any

from rest_framework import serializers

from accounts.permissions import Permission
from widgets.api.scope import Scope
from widgets.models import Credential, Widget
from widgets.services import draft_connection


class NewWidget(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    widget_type = serializers.CharField(max_length=20)
    license = serializers.CharField(max_length=32)


class WidgetChange(serializers.Serializer[Any]):
    """`configuration` and `connection` replace what is there as a whole."""

    name = serializers.CharField(max_length=80, required=False)
    enabled = serializers.BooleanField(required=False)
    configuration = serializers.DictField(required=False)
    connection = serializers.DictField(required=False)
    revision = serializers.IntegerField(required=False, min_value=1)


class NewSecret(serializers.Serializer[Any]):
    secret = serializers.CharField(max_length=8000)


class PublishNote(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


def widget_line(widget: Widget) -> dict[str, Any]:
    return {
        "id": widget.public_id,
        "name": widget.name,
        "type": widget.widget_type,
        "license": widget.license.public_id,
        "enabled": widget.enabled,
        "published_version": widget.published.number if widget.published else None,
        "has_unpublished_changes": widget.has_unpublished_changes,
        "revision": widget.draft_revision,
        "created_at": widget.created_at,
    }


def widget_details(widget: Widget, scope: Scope) -> dict[str, Any]:
    details = widget_line(widget) | {
        "configuration": widget.draft,
        "credentials": [credential_line(credential) for credential in widget.credentials.order_by("kind")],
    }
    if scope.membership.may(Permission.WIDGET_EDIT):
        connection = draft_connection(widget)
        details["connection"] = connection and connection.model_dump(mode="json")  # None: cannot be opened
    return details


def credential_line(credential: Credential) -> dict[str, Any]:
    return {
        "kind": credential.kind,
        "last4": credential.last4,
        "fingerprint": credential.fingerprint,
        "updated_at": credential.updated_at,
    }
