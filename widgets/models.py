from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Organization, User
from core.crypto import fingerprint, same_sealed
from core.ids import new_id
from licenses.models import License
from widgets.contrast import contrast_warnings
from widgets.difference import Content
from widgets.types import get_type
from widgets.types.declaration import WidgetType


def _widget_id() -> str:
    return new_id("wgt")


def _credential_id() -> str:
    return new_id("crd")


def _preview_link_id() -> str:
    return new_id("prv")


class WidgetQuerySet(models.QuerySet["Widget"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def named(self, text: str) -> Self:
        """Whose name or id contains the text; all for an empty one."""
        return self.filter(Q(name__icontains=text) | Q(public_id=text)) if text else self

    def with_state(self) -> Self:
        """What a list of widgets shows of each, in one query."""
        versions = WidgetVersion.objects.filter(widget=OuterRef("pk"))
        plans = PlannedPublication.objects.filter(widget=OuterRef("pk")).waiting_or_failed()
        rows = self.select_related("published", "license__plan", "license__organization__parent")
        return rows.annotate(ever_published=Exists(versions), has_plans=Exists(plans))

    def with_plan(self) -> Self:
        """When the publication that waits takes place, and in which time zone that was said."""
        waiting = PlannedPublication.objects.filter(widget=OuterRef("pk")).waiting()
        at, zone = (Subquery(waiting.values(field)) for field in ("publish_at", "zone"))
        return self.annotate(planned_for=at, planned_zone=zone)

    def totals(self) -> dict[str, int]:
        """How many there are in `all`, how many are `published`, and how many were ever `seen` on a website."""
        return self.aggregate(
            all=models.Count("pk"), published=models.Count("published"), seen=models.Count("last_seen_at")
        )

    def belongings(self) -> dict[str, int]:
        """How many `versions` and `secrets` go when these widgets go."""
        return self.aggregate(
            versions=models.Count("versions", distinct=True), secrets=models.Count("credentials", distinct=True)
        )


_Manager = models.Manager.from_queryset(WidgetQuerySet)


class WidgetManager(_Manager["Widget"]):
    """Without the deleted ones, also behind `license.widgets`."""

    def get_queryset(self) -> WidgetQuerySet:
        return WidgetQuerySet(self.model, using=self._db).filter(deleted_at=None)


class Widget(models.Model):
    """One configured chat: what is being edited (`draft`) and what the sites show (`published`).

    `draft` is the configuration that browsers may see; `draft_connection` is how the other side is reached, sealed.
    """

    public_id = models.CharField(max_length=32, unique=True, default=_widget_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="widgets")
    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="widgets")
    widget_type = models.CharField(max_length=20, editable=False)
    name = models.CharField(max_length=80)
    enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    draft = models.JSONField(default=dict)
    draft_connection = models.TextField(blank=True)
    draft_revision = models.PositiveIntegerField(default=1)
    published = models.ForeignKey("WidgetVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # the row goes later: purge_deleted_widgets
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)  # on a website, to about a minute

    ever_published: bool  # set by with_state()
    has_plans: bool  # so is this: waiting or failed ones
    planned_for: datetime | None  # set by with_plan()

    objects = WidgetManager()
    every = WidgetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="widget_of_organization"),
            models.UniqueConstraint(
                fields=["license"], condition=Q(is_default=True), name="one_default_widget_per_license"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type(self) -> WidgetType:
        return get_type(self.widget_type)

    @property
    def content(self) -> Content:
        """Of the draft."""
        return self.draft, self.draft_connection

    @property
    def connection_mark(self) -> str:
        """Tells one state of the draft's connection from another; the same through a rotation of keys."""
        return fingerprint(self.draft_connection.rpartition(".")[2])

    @property
    def has_unpublished_changes(self) -> bool:
        live = self.published
        if live is None or live.configuration != self.draft:
            return True
        return not same_sealed(live.connection, self.draft_connection)


class WidgetVersion(models.Model):
    """What was published: never changed."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    configuration = models.JSONField()
    connection = models.TextField()
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["widget", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.widget} v{self.number}"

    @property
    def content(self) -> Content:
        return self.configuration, self.connection

    @property
    def warnings(self) -> list[str]:
        """What of it is hard to read."""
        return contrast_warnings(self.widget.type.contrasts, self.configuration)


class PlannedPublicationQuerySet(models.QuerySet["PlannedPublication"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def waiting(self) -> Self:
        return self.filter(outcome="")

    def waiting_or_failed(self) -> Self:
        return self.filter(outcome__in=("", "failed"))

    def due(self, now: datetime) -> Self:
        return self.waiting().filter(publish_at__lte=now, widget__deleted_at=None)


class PlannedPublication(models.Model):
    """A draft as it was when somebody decided that it shall go live at a later time."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published"
        CANCELLED = "cancelled"
        FAILED = "failed"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="plans")
    publish_at = models.DateTimeField()
    zone = models.CharField(max_length=64)  # in which the time was said, by its IANA name
    configuration = models.JSONField()
    connection = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)  # empty: waiting
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)  # why it failed, and what to do

    objects = PlannedPublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["widget"], condition=Q(outcome=""), name="one_waiting_plan_per_widget")
        ]
        indexes = [models.Index(fields=["publish_at"], condition=Q(outcome=""), name="waiting_plans")]

    def __str__(self) -> str:
        return f"{self.widget} at {self.publish_at:%Y-%m-%d %H:%M} UTC"

    @property
    def content(self) -> Content:
        return self.configuration, self.connection


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def live(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class PreviewLink(models.Model):
    """Lets whoever has it see a widget's draft for a while, without a login."""

    public_id = models.CharField(max_length=32, unique=True, default=_preview_link_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="preview_links")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.public_id


class PresetQuerySet(models.QuerySet["Preset"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class Preset(models.Model):
    """A look that an organization has kept for its other widgets of the same type."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="presets")
    widget_type = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    values = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PresetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["organization", "widget_type", "name"], name="preset_name_once")]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A sealed secret of one widget. Only widgets.credentials opens it."""

    public_id = models.CharField(max_length=32, unique=True, default=_credential_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=30)
    sealed = models.TextField()
    last4 = models.CharField(max_length=4)
    fingerprint = models.CharField(max_length=16)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["widget", "kind"], name="one_credential_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} ••••{self.last4}"

    def context(self) -> str:
        """What the ciphertext is bound to: a row swapped in from elsewhere does not open."""
        return credential_context(self.organization_id, self.public_id, self.kind)


def credential_context(organization_id: int, public_id: str, kind: str) -> str:
    return f"credential|{organization_id}|{public_id}|{kind}"


def connection_context(widget_id: str) -> str:
    return f"connection|{widget_id}"


JSONDict = dict[str, Any]
