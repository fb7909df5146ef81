"""REST for widgets. The same services as the dashboard, the same roles."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import resolve, reverse
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.calls import call
from accounts.apitokens import Scope
from accounts.permissions import Permission
from licenses.models import License
from widgets.api import serializers as api
from widgets.api.errors import answering
from widgets.credentials import delete_credential, set_credential
from widgets.models import Widget
from widgets.services import create_widget, delete_widget, rename_widget, save_draft, set_enabled
from widgets.types import all_types

READ, WRITE = Scope.WIDGETS_READ, Scope.WIDGETS_WRITE


class WidgetView(ApiView):
    tag = "Widgets"

    def widget(self, widget_id: str, *, lock: bool = False) -> Widget:
        rows = Widget.objects.for_organization(self.caller.organization).with_state()
        return get_object_or_404(rows.select_for_update(of=("self",)) if lock else rows, public_id=widget_id)

    def details(self, widget_id: str) -> dict[str, Any]:
        return api.widget_details(self.widget(widget_id), self.caller)

    def require(self, permission: Permission) -> None:
        if not self.caller.membership.may(permission):
            raise PermissionDenied


class WidgetTypes(ApiView):
    tag = "Widgets"

    @call("List the types of widgets", READ, gives=api.WidgetTypes)
    def get(self, request: Request) -> Response:
        """What a widget of each type is configured, connected and trusted with."""
        described = [
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
        return Response({"data": described})


class Widgets(WidgetView):
    @call("List widgets", READ, query=api.WidgetQuery, gives=api.WidgetShown)
    def get(self, request: Request) -> Response:
        """Your organization's, newest first."""
        columns = {"license": "license__public_id", "type": "widget_type", "enabled": "enabled"}
        wanted = {column: self.query[name] for name, column in columns.items() if name in self.query}
        rows = Widget.objects.for_organization(self.caller.organization).with_state()
        return self.page(rows.filter(**wanted), api.WidgetShown)

    @call("Create a widget", WRITE, takes=api.NewWidget, gives=api.WidgetDetails, status=201)
    def post(self, request: Request) -> Response:
        """With its type's defaults, under one of your licences. Nothing is on the sites until you publish."""
        values = self.body()
        own = License.objects.for_organization(self.caller.organization)
        license = get_object_or_404(own, public_id=values.pop("license"))
        with answering():
            widget = create_widget(actor=self.caller.actor, license=license, **values)
        return Response(self.details(widget.public_id), status=201)


class OneWidget(WidgetView):
    @call("Read a widget", READ, gives=api.WidgetDetails)
    def get(self, request: Request, widget_id: str) -> Response:
        """Its draft, how it is connected, and which secrets are stored. Its ETag is what a change must name."""
        return Response(self.details(widget_id))

    @call(
        "Change a widget",
        WRITE,
        takes=api.WidgetChange,
        gives=api.WidgetDetails,
        matches=True,
        refuses={409: "Somebody saved the draft in the meantime."},
    )
    @transaction.atomic
    def patch(self, request: Request, widget_id: str) -> Response:
        """All that is named, or nothing. `configuration` and `connection` replace the draft's as a whole; sites change
        when you publish. Setting `connection` needs a role that may set secrets."""
        widget, values = self.widget(widget_id, lock=True), self.body()
        if "connection" in values:  # whoever changes the address receives the secrets that are sent there
            self.require(Permission.CREDENTIAL_SET)
        self.require_match(api.widget_details(widget, self.caller))
        self._save_draft(widget, values)
        if "name" in values:
            rename_widget(actor=self.caller.actor, widget=widget, name=values["name"])
        if "enabled" in values:
            set_enabled(actor=self.caller.actor, widget=widget, enabled=values["enabled"])
        return Response(self.details(widget_id))

    @call("Delete a widget", WRITE, status=204)
    def delete(self, request: Request, widget_id: str) -> Response:
        """With its versions, secrets and counts. Every site with its tag loses its chat within seconds."""
        delete_widget(actor=self.caller.actor, widget=self.widget(widget_id))
        return Response(status=204)

    def _save_draft(self, widget: Widget, values: dict[str, Any]) -> None:
        revision = values.get("revision")
        for part in ("configuration", "connection"):
            if part in values:
                with answering(part):
                    saved = save_draft(
                        actor=self.caller.actor, widget=widget, revision=revision, **{part: values[part]}
                    )
                revision = saved.draft_revision if revision is not None else None


class OneCredential(WidgetView):
    @call("Store a secret", WRITE, takes=api.NewSecret, gives=api.CredentialShown)
    def put(self, request: Request, widget_id: str, kind: str) -> Response:
        """Or replace it. It is sealed, and used from the next chat on. Needs a role that may set secrets."""
        self.require(Permission.CREDENTIAL_SET)
        widget, secret = self.widget(widget_id), self.body()["secret"]
        with answering():
            stored = set_credential(
                actor=self.caller.actor, widget=widget, kind=kind, secret=secret, now=timezone.now()
            )
        return Response(api.CredentialShown(stored).data)

    @call("Delete a secret", WRITE, status=204)
    def delete(self, request: Request, widget_id: str, kind: str) -> Response:
        """The widget works no longer where it needs one."""
        self.require(Permission.CREDENTIAL_SET)
        delete_credential(actor=self.caller.actor, widget=self.widget(widget_id), kind=kind)
        return Response(status=204)


class TestConnection(WidgetView):
    """The type's run-time app, on a floor above, knows how; its page answers JSON with JSON."""

    @call(
        "Test the connection",
        WRITE,
        takes=api.Probe,
        gives=api.Report,
        refuses={422: "What is to be tried is not valid."},
    )
    def post(self, request: Request, widget_id: str) -> HttpResponse:
        """Step by step: what works, what does not, and what to do. Without a body, what is stored is tried."""
        self.require(Permission.CREDENTIAL_SET)
        widget = self.widget(widget_id)
        if not widget.type.probe:
            raise Http404
        self.body()
        request._request.content_type = "application/json"  # nothing was sent at all: the answer is JSON all the same
        names = {"slug": self.caller.organization.slug, "widget_id": widget.public_id}
        page = resolve(reverse(widget.type.probe, kwargs=names))
        answer: HttpResponse = page.func(request._request, *page.args, **page.kwargs)
        return answer
