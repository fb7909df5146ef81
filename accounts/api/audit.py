from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.calls import call
from accounts.api.serializers import AuditEventShown, AuditQuery
from accounts.apitokens import Scope
from accounts.models import AuditEvent

_COLUMNS = {"action": "action", "target": "target", "since": "at__gte", "until": "at__lt"}


class AuditEvents(ApiView):
    tag = "Audit log"

    @call("List audit events", Scope.AUDIT_READ, query=AuditQuery, gives=AuditEventShown)
    def get(self, request: Request) -> Response:
        """Who did what in your organization, newest first. Secrets never stand in `details`."""
        wanted = {column: self.query[name] for name, column in _COLUMNS.items() if name in self.query}
        events = AuditEvent.objects.for_organization(self.caller.organization).select_related("actor")
        return self.page(events.filter(**wanted), AuditEventShown, by="at")
