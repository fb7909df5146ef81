"""An organization's brand and the host names it goes by. Part of accounts.models."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.look import Look


class BrandQuerySet(models.QuerySet["Brand"]):
    def for_organization(self, organization: models.Model) -> Self:
        return self.filter(organization=organization)


class Brand(models.Model):
    """How a reseller looks to its customers, or the platform to everybody."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="brand")
    values = models.JSONField(default=dict, blank=True)  # see look.Look
    logo = models.BinaryField(default=bytes, blank=True)  # a PNG that we drew ourselves, see logos.py
    logo_digest = models.CharField(max_length=32, blank=True, db_index=True)
    logo_is_wide = models.BooleanField(default=False)  # it shows the name itself
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BrandQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.organization)

    def look(self) -> Look:
        return Look.model_validate(self.values)


class HostnameQuerySet(models.QuerySet["Hostname"]):
    def for_organization(self, organization: models.Model) -> Self:
        return self.filter(organization=organization)

    def verified(self) -> Self:
        return self.exclude(verified_at=None)


class Hostname(models.Model):
    """A host name that a reseller wants to be reached by. It is honoured once DNS has said that the reseller may."""

    class Face(models.TextChoices):
        DASHBOARD = "dashboard", "Dashboard"
        EMBED = "embed", "Chats"

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="hostnames")
    face = models.CharField(max_length=10, choices=Face)
    host = models.CharField(max_length=253)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HostnameQuerySet.as_manager()

    class Meta:
        ordering = ["face"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "face"], name="one_hostname_per_face"),
            # Of verified ones only: who merely asks for a name must not keep its owner from it.
            models.UniqueConstraint(fields=["host"], condition=~Q(verified_at=None), name="hostname_verified_once"),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def is_embed(self) -> bool:
        return self.face == self.Face.EMBED
