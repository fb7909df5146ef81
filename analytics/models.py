from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Organization
from licenses.models import License
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


class SeenOriginQuerySet(models.QuerySet["SeenOrigin"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class SeenOrigin(models.Model):
    """A website that tried to show a licence's chat and is not on its list. It is never allowed by itself."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="seen_origins")
    origin = models.CharField(max_length=280)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    dismissed = models.BooleanField(default=False)

    objects = SeenOriginQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "origin"]
        constraints = [models.UniqueConstraint(fields=["license", "origin"], name="seen_origin_once")]

    def __str__(self) -> str:
        return self.origin


class SightingQuerySet(models.QuerySet["Sighting"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class Sighting(models.Model):
    """A website on which a widget was loaded, when last, and how often on that day (UTC). No visitor is told apart."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="sightings")
    origin = models.CharField(max_length=280)
    version = models.PositiveIntegerField()
    day = models.DateField()
    loads = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "origin"]
        constraints = [models.UniqueConstraint(fields=["widget", "origin"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.widget} on {self.origin}"

    @property
    def host(self) -> str:
        return self.origin.removeprefix("https://")

    def loads_on(self, day: date) -> int:
        return self.loads if self.day == day else 0
