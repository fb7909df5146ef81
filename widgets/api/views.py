"""REST for widgets. The same services as the dashboard, the same roles."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Permission
from licenses.models import License
from widgets.api.errors import answering
from widgets.api.scope import Scope, scope_of
from widgets.api.serializers import (
    NewSecret,
    NewWidget,
    PublishNote,
    WidgetChange,
    credential_line,
    widget_details,
    widget_line,
)
from widgets.credentials import delete_credential, set_credential
from widgets.models import Widget
from widgets.services import (
    create_widget,
    delete_widget,
    publish_widget,
    rename_widget,
    save_draft,
    set_enabled,
    unpublish_widget,
)
from widgets.types import all_types


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


class WidgetTypes(APIView):
    def get(self, request: Request) -> Response:
        return Response(
            [
                {
                    "id": kind.id,
                    "label": kind.label,
                    "description": kind.description,
                    "configuration": kind.configuration.model_json_schema(),
                    "connection": kind.connection.model_json_schema(),
                    "credentials": [
                        {"kind": known.id, "label": known.label, "help": known.help} for known in kind.credentials
                    ],
                }
                for kind in all_types().values()
            ]
        )


class Widgets(APIView):
    def get(self, request: Request) -> Response:
        scope = scope_of(request, Permission.WIDGET_READ)
        widgets = Widget.objects.for_organization(scope.organization).with_state()
        return Response([widget_line(widget) for widget in widgets])

    def post(self, request: Request) -> Response:
        scope = scope_of(request, Permission.WIDGET_EDIT)
        values = _valid(NewWidget(data=request.data))
        own = License.objects.for_organization(scope.organization)
        license = get_object_or_404(own, public_id=values.pop("license"))
        with answering():
            widget = create_widget(actor=scope.actor, license=license, **values)
        return Response(widget_details(scope.widget(widget.public_id), scope), status=201)


class OneWidget(APIView):
    def get(self, request: Request, widget_id: str) -> Response:
        scope = scope_of(request, Permission.WIDGET_READ)
        return Response(widget_details(scope.widget(widget_id), scope))

    @transaction.atomic
    def patch(self, request: Request, widget_id: str) -> Response:
        scope = scope_of(request, Permission.WIDGET_EDIT)
        widget = scope.widget(widget_id)
        values = _valid(WidgetChange(data=request.data))
        if "connection" in values:  # whoever changes the address receives the secrets that are sent there
            scope.require(Permission.CREDENTIAL_SET)
        _save_draft(scope, widget, values)
        if "name" in values:
            rename_widget(actor=scope.actor, widget=widget, name=values["name"])
        if "enabled" in values:
            set_enabled(actor=scope.actor, widget=widget, enabled=values["enabled"])
        return Response(widget_details(scope.widget(widget_id), scope))

    def delete(self, request: Request, widget_id: str) -> Response:
        scope = scope_of(request, Permission.WIDGET_EDIT)
        delete_widget(actor=scope.actor, widget=scope.widget(widget_id))
        return Response(status=204)


def _save_draft(scope: Scope, widget: Widget, values: dict[str, Any]) -> None:
    revision = values.get("revision")
    for part in ("configuration", "connection"):
        if part in values:
            with answering(part):
                saved = save_draft(actor=scope.actor, widget=widget, revision=revision, **{part: values[part]})
            revision = saved.draft_revision if revision is not None else None


class OneCredential(APIView):
    def put(self, request: Request, widget_id: str, kind: str) -> Response:
        scope = scope_of(request, Permission.CREDENTIAL_SET)
        widget = scope.widget(widget_id)
        values = _valid(NewSecret(data=request.data))
        with answering():
            stored = set_credential(
                actor=scope.actor, widget=widget, kind=kind, secret=values["secret"], now=timezone.now()
            )
        return Response(credential_line(stored))

    def delete(self, request: Request, widget_id: str, kind: str) -> Response:
        scope = scope_of(request, Permission.CREDENTIAL_SET)
        widget = scope.widget(widget_id)
        delete_credential(actor=scope.actor, widget=widget, kind=kind)
        return Response(status=204)


class Publish(APIView):
    def post(self, request: Request, widget_id: str) -> Response:
        scope = scope_of(request, Permission.WIDGET_EDIT)
        widget = scope.widget(widget_id)
        note = _valid(PublishNote(data=request.data))["note"]
        with answering():
            version = publish_widget(actor=scope.actor, widget=widget, note=note)
        return Response({"version": version.number, "note": version.note, "created_at": version.created_at})


class Unpublish(APIView):
    def post(self, request: Request, widget_id: str) -> Response:
        scope = scope_of(request, Permission.WIDGET_EDIT)
        unpublish_widget(actor=scope.actor, widget=scope.widget(widget_id))
        return Response(widget_line(scope.widget(widget_id)))


class TestConnection(APIView):
    """`{"connection"?, "secrets"?: {kind: text}, "consent"?}` → steps. The type's run-time app, on a floor above, knows
    how; its page answers JSON with JSON."""

    def post(self, request: Request, widget_id: str) -> HttpResponse:
        scope = scope_of(request, Permission.CREDENTIAL_SET)
        widget = scope.widget(widget_id)
        if not widget.type.probe:
            raise Http404
        names = {"slug": scope.organization.slug, "widget_id": widget.public_id}
        page = resolve(reverse(widget.type.probe, kwargs=names))
        answer: HttpResponse = page.func(request._request, *page.args, **page.kwargs)
        return answer
