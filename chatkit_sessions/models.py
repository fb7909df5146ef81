from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from embed.models import VisitorSession
from widgets.models import Widget

# The widget, licence, organization or reseller was stopped by somebody. What is off or not published is previewed.
STOPPED = (
    Q(widget__enabled=False, visitor_session__is_test=False)
    | Q(widget__published=None, visitor_session__is_test=False)
    | Q(widget__license__revoked_at__isnull=False)
    | Q(widget__license__suspended_at__isnull=False)
    | Q(organization__suspended_at__isnull=False)
    | Q(organization__parent__suspended_at__isnull=False)
)


class ChatKitSessionQuerySet(models.QuerySet["ChatKitSession"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def live(self, now: datetime) -> Self:
        return self.filter(cancelled_at=None, expires_at__gt=now)

    def on_sites(self) -> Self:
        """Made on somebody's site, not in the chat's own page or in the dashboard."""
        return self.exclude(origin="")


class ChatKitSession(models.Model):
    """A session that OpenAI made for a visitor. Kept so that it can be cancelled; its client secret is never stored."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="chatkit_sessions")
    visitor_session = models.ForeignKey(VisitorSession, on_delete=models.CASCADE, related_name="chatkit_sessions")
    origin = models.CharField(max_length=280, blank=True)  # the site it was made on; empty: the chat's own page
    upstream_id = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = ChatKitSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(cancelled_at=None), name="live_chatkit_sessions")]

    def __str__(self) -> str:
        return self.upstream_id
