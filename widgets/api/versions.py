"""REST for what of a widget is on the sites, and what was."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import PageQuery, call
from accounts.permissions import Permission
from widgets.api import serializers as api
from widgets.api.errors import answering
from widgets.api.views import READ, WRITE, WidgetView
from widgets.editions import restore_version
from widgets.models import WidgetVersion
from widgets.services import publish_widget, unpublish_widget


class Publish(WidgetView):
    @call(
        "Publish a widget",
        WRITE,
        takes=api.PublishNote,
        gives=api.Published,
        refuses={409: "Something is missing, or somebody saved the draft in the meantime; the message says what."},
    )
    def post(self, request: Request, widget_id: str) -> Response:
        """Makes the draft a new version, and shows it on the sites. With `revision`: only the draft that you read."""
        widget, values = self.widget(widget_id), self.body()
        with answering():
            version = publish_widget(actor=self.caller.actor, widget=widget, **values)
        return Response(api.Published(version).data)


class Unpublish(WidgetView):
    @call("Unpublish a widget", WRITE, gives=api.WidgetShown)
    def post(self, request: Request, widget_id: str) -> Response:
        """Sites no longer show it. Its versions stay."""
        unpublish_widget(actor=self.caller.actor, widget=self.widget(widget_id))
        return Response(api.WidgetShown(self.widget(widget_id)).data)


class Versions(WidgetView):
    @call("List versions", READ, query=PageQuery, gives=api.VersionShown)
    def get(self, request: Request, widget_id: str) -> Response:
        """What was published, newest first. A version is never changed."""
        return self.page(self.widget(widget_id).versions.select_related("author"), api.VersionShown)


class OneVersion(WidgetView):
    @call("Read a version", READ, gives=api.VersionDetails)
    def get(self, request: Request, widget_id: str, number: int) -> Response:
        """With its configuration."""
        versions = self.widget(widget_id).versions.select_related("author")
        return Response(api.VersionDetails(get_object_or_404(versions, number=number)).data)


class Restore(WidgetView):
    @call(
        "Restore a version",
        WRITE,
        takes=api.OfRevision,
        gives=api.WidgetDetails,
        refuses={409: "Somebody saved the draft in the meantime."},
    )
    def post(self, request: Request, widget_id: str, number: int) -> Response:
        """Makes it the draft again. Its connection comes along where your role may set secrets. With
        `revision`: only over the draft that you read."""
        values, with_connection = self.body(), self.caller.membership.may(Permission.CREDENTIAL_SET)
        try:
            with answering("number"):
                restore_version(
                    widget=self.widget(widget_id),
                    number=number,
                    with_connection=with_connection,
                    **values,
                )
        except WidgetVersion.DoesNotExist:
            raise Http404 from None
        return Response(self.details(widget_id))
