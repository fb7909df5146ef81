from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Organization
from core.ids import new_id
from licenses.models import License
from widgets.models import Widget


def _visitor_session_id() -> str:
    return new_id("vis")


class VisitorSessionQuerySet(models.QuerySet["VisitorSession"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def counted(self) -> Self:
        """Those of visitors, without an admin's own tests."""
        return self.filter(is_test=False)

    def running(self, license_pk: int, now: datetime) -> Self:
        return self.counted().filter(license_id=license_pk, expires_at__gt=now, widget__deleted_at=None)


class VisitorSession(models.Model):
    """One visitor's chat in one widget within the session window: what a licence meters.

    `visitor` is an HMAC: the row says that somebody chatted, not who. `ordinal` counts a visitor's sessions in a
    widget; being unique it lets two tabs that start at once share one session.
    """

    public_id = models.CharField(max_length=32, unique=True, default=_visitor_session_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="visitor_sessions")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="visitor_sessions")
    visitor = models.CharField(max_length=32)
    ordinal = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=280, blank=True)
    evidence = models.CharField(max_length=10)
    identified = models.BooleanField(default=False)
    is_test = models.BooleanField(default=False)  # from the configurator's preview: burns no quota, is in no count
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = VisitorSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["widget", "visitor", "ordinal"], name="visitor_session_once"),
            models.UniqueConstraint(fields=["organization", "id"], name="visitor_session_of_organization"),
        ]
        indexes = [
            models.Index(fields=["license", "started_at"], name="visitor_sessions_by_license"),
            models.Index(fields=["license", "expires_at"], name="visitor_sessions_running"),
        ]

    def __str__(self) -> str:
        return self.public_id
