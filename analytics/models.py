from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Organization
from widgets.models import Widget


class DailyEventCountQuerySet(models.QuerySet["DailyEventCount"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class DailyEventCount(models.Model):
    """How often something happened in a widget on a day (UTC). No visitor is told apart."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="event_counts")
    day = models.DateField()
    name = models.CharField(max_length=30)
    code = models.CharField(max_length=40, blank=True)
    count = models.BigIntegerField(default=0)

    objects = DailyEventCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["widget", "day", "name", "code"], name="event_count_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}: {self.count}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class Incident(models.Model):
    """The last time a widget failed its visitors in one way, and how often it has: what its owner must know."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="incidents")
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=500, blank=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["widget", "code"], name="incident_once")]

    def __str__(self) -> str:
        return f"{self.code} ×{self.count}"
