"""People who come from outside: invited ones and guests. Part of accounts.models."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.permissions import Role
from core.ids import new_id


def _acting_id() -> str:
    return new_id("act")


def _invitation_id() -> str:
    return new_id("inv")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def for_organization(self, organization: models.Model) -> Self:
        return self.filter(organization=organization)

    def waiting(self) -> Self:
        """Neither taken nor withdrawn; their time may be over."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """A mailed way into an organization, for one address."""

    public_id = models.CharField(max_length=32, unique=True, default=_invitation_id, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail")
    role = models.CharField(max_length=20, choices=Role)
    invited_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the token in the mailed link
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    member_until = models.DateTimeField(null=True, blank=True)  # contractors: when the membership ends
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organization}: {self.role}"


class ActingSessionQuerySet(models.QuerySet["ActingSession"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def for_organization(self, organization: models.Model) -> Self:
        """In which guests are or were in this organization."""
        return self.filter(organization=organization)

    def on_behalf_of(self, organization: models.Model) -> Self:
        """In which people of this organization are or were guests elsewhere."""
        return self.filter(on_behalf_of=organization)

    def open(self, now: datetime) -> Self:
        return self.filter(ended_at=None, expires_at__gt=now)


class ActingSession(models.Model):
    """A guest: somebody let into an organization that they are no member of, for a reason and for a time."""

    class Kind(models.TextChoices):
        SUPPORT = "support", "Support, read only"
        IMPERSONATION = "impersonation", "Acting for the customer"

    public_id = models.CharField(max_length=32, unique=True, default=_acting_id, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="acting_sessions")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="acting_sessions")
    # Where they are a member.
    on_behalf_of = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    role = models.CharField(max_length=20, choices=Role)  # what the guest may do is this role's …
    permissions = models.JSONField(default=list)  # … as far as it stands here too
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["user", "organization"], condition=Q(ended_at=None), name="acting_not_ended")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}: {self.kind}"

    @property
    def is_read_only(self) -> bool:
        return self.kind == self.Kind.SUPPORT
