"""What calls about widgets take, and how widgets are shown."""

from typing import Any

from rest_framework import serializers

from accounts.api.calls import PageQuery, Shown, Strict
from accounts.apitokens import Caller
from accounts.permissions import Permission
from widgets.models import Widget
from widgets.services import draft_connection

_WIDGET = {
    "id": "wgt_5TxY0wGqVbJ8rLmNcKdZ2a",
    "name": "Coffee guide",
    "type": "n8n",
    "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
    "enabled": True,
    "published_version": 3,
    "has_unpublished_changes": False,
    "revision": 7,
    "created_at": "2026-11-20T12:00:00Z",
}
_CREDENTIAL = {
    "kind": "n8n_auth",
    "last4": "x7Qp",
    "fingerprint": "9f86d081884c7d65",
    "updated_at": "2026-11-20T12:00:00Z",
}
_VERSION = {"number": 3, "note": "Christmas", "author": "alice@example.com", "created_at": "2026-11-20T12:00:00Z"}
_LOOK = {"texts": {"title": "Ask about coffee"}}


class WidgetQuery(PageQuery):
    license = serializers.CharField(max_length=32, required=False, help_text="A licence's id.")
    type = serializers.CharField(max_length=20, required=False, help_text="A type's id, such as n8n.")
    enabled = serializers.BooleanField(required=False, help_text="false: only those that are switched off.")


class NewWidget(Strict):
    example = {"name": "Coffee guide", "widget_type": "n8n", "license": _WIDGET["license"]}

    name = serializers.CharField(max_length=80)
    widget_type = serializers.CharField(max_length=20)
    license = serializers.CharField(max_length=32)


class OfRevision(Strict):
    example = {"revision": 7}

    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Of the draft that you read."
    )


class WidgetChange(OfRevision):
    """`configuration` and `connection` replace what is there as a whole."""

    example = {"configuration": _LOOK, "revision": 7}

    name = serializers.CharField(max_length=80, required=False)
    enabled = serializers.BooleanField(required=False)
    configuration = serializers.DictField(required=False, help_text="By the schema of its type.")
    connection = serializers.DictField(required=False, help_text="How the other side is reached, by its type's schema.")


class NewSecret(Strict):
    example = {"secret": "the-header-value-that-n8n-expects"}

    secret = serializers.CharField(max_length=8000)


class PublishNote(OfRevision):
    example = {"note": "Christmas", "revision": 7}

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class Probe(Strict):
    example = {"connection": {"url": "https://n8n.example.com/webhook/chat"}}

    connection = serializers.DictField(required=False, help_text="Instead of the draft's.")
    secrets = serializers.DictField(
        child=serializers.CharField(max_length=8000, allow_blank=True),
        required=False,
        help_text="Kind → text, instead of the stored. Needed for another host: a stored one is not sent there.",
    )
    consent = serializers.BooleanField(required=False, help_text="Run an n8n workflow once where that is needed.")


class WidgetShown(Shown):
    example: Any = _WIDGET

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    type = serializers.CharField(source="widget_type")
    license = serializers.CharField(source="license.public_id")
    enabled = serializers.BooleanField()
    published_version = serializers.IntegerField(source="published.number", allow_null=True, help_text="null: none.")
    has_unpublished_changes = serializers.BooleanField()
    revision = serializers.IntegerField(source="draft_revision")
    created_at = serializers.DateTimeField()


class CredentialShown(Shown):
    """A secret goes in and never comes out."""

    example = _CREDENTIAL

    kind = serializers.CharField()
    last4 = serializers.CharField()
    fingerprint = serializers.CharField(help_text="The same for the same secret.")
    updated_at = serializers.DateTimeField()


class WidgetDetails(WidgetShown):
    example = _WIDGET | {"configuration": _LOOK, "credentials": [_CREDENTIAL], "connection": {"url": "https://…"}}

    configuration = serializers.DictField(source="draft")
    credentials = CredentialShown(many=True)
    connection = serializers.DictField(
        required=False, allow_null=True, help_text="For those who may edit; null: it cannot be opened any more."
    )


class VersionShown(Shown):
    example: Any = _VERSION

    number = serializers.IntegerField()
    note = serializers.CharField()
    author = serializers.CharField(source="author.email", allow_null=True)
    created_at = serializers.DateTimeField()


class VersionDetails(VersionShown):
    example = _VERSION | {"configuration": _LOOK}

    configuration = serializers.DictField()


class Published(Shown):
    example = {"version": 3, "note": "Christmas", "created_at": "2026-11-20T12:00:00Z", "warnings": []}

    version = serializers.IntegerField(source="number")
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    warnings = serializers.ListField(child=serializers.CharField(), help_text="What is published, but hard to read.")


class CredentialKind(Shown):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, taken out of the class by its metaclass
    help = serializers.CharField()


class WidgetTypeShown(Shown):
    example = {
        "id": "n8n",
        "label": "n8n workflow",
        "description": "A chat with a workflow of yours.",
        "configuration": {"type": "object"},
        "connection": {"type": "object"},
        "credentials": [{"kind": "n8n_auth", "label": "n8n credentials", "help": "As the trigger asks for them."}],
    }

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    description = serializers.CharField()
    configuration = serializers.DictField(help_text="A JSON Schema.")
    connection = serializers.DictField(help_text="A JSON Schema.")
    credentials = CredentialKind(many=True)


class WidgetTypes(Shown):
    example = {"data": [WidgetTypeShown.example]}

    data = WidgetTypeShown(many=True)  # type: ignore[assignment]


class Report(Shown):
    example = {
        "works": True,
        "needs_consent": False,
        "steps": [{"id": "reach", "label": "The server answers", "state": "ok", "ms": 42}],
        "diagnostics": "…",
    }

    works = serializers.BooleanField()
    needs_consent = serializers.BooleanField(help_text="An n8n workflow can be tried only by running it once.")
    steps = serializers.ListField(child=serializers.DictField())
    diagnostics = serializers.CharField(help_text="For a report to somebody who helps.")


def widget_details(widget: Widget, caller: Caller) -> dict[str, Any]:
    details: dict[str, Any] = {
        **WidgetShown(widget).data,
        "configuration": widget.draft,
        "credentials": CredentialShown(widget.credentials.order_by("kind"), many=True).data,
    }
    if caller.membership.may(Permission.WIDGET_EDIT):
        connection = draft_connection(widget)
        details["connection"] = connection and connection.model_dump(mode="json")  # None: cannot be opened
    return details
