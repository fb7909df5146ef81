from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.permissions import Permission, Role, permissions_of
from core.ids import new_id


def _organization_id() -> str:
    return new_id("org")


def _grant_id() -> str:
    return new_id("grt")


def _token_id() -> str:
    return new_id("tok")


def _endpoint_id() -> str:
    return new_id("whe")


def _message_id() -> str:
    return new_id("msg")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Whoever can run commands on the machine is believed that the address is theirs."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        user.confirm_email()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail. What they may do comes from their memberships; staff also see the Django admin."""

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    def confirm_email(self) -> None:
        """The address counts as theirs without a mail."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415  - it refers to this model

        defaults = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults=defaults)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def for_user(self, user: User) -> Self:
        return self.filter(live("memberships__"), memberships__user=user)


class Organization(models.Model):
    """A tenant."""

    class Kind(models.TextChoices):
        PLATFORM = "platform", "Platform"
        RESELLER = "reseller", "Reseller"
        CUSTOMER = "customer", "Customer"

    public_id = models.CharField(max_length=32, unique=True, default=_organization_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CUSTOMER)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="customers")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    reference = models.CharField(max_length=80, blank=True)  # a customer's number in its reseller's own books
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(kind="customer"), name="only_customers_have_a_reseller"
            ),
            models.UniqueConstraint(
                fields=["parent", "reference"], condition=~models.Q(reference=""), name="one_customer_per_reference"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        """Itself or with its reseller: then it is read, and not changed."""
        return bool(self.suspended_at or (self.parent and self.parent.suspended_at))


def live(prefix: str = "") -> Q:
    """A membership opens nothing once its time is over. `prefix`: the way to it, such as "memberships__"."""
    return Q(**{f"{prefix}expires_at": None}) | Q(**{f"{prefix}expires_at__gt": timezone.now()})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def for_user(self, user: User) -> Self:
        """Those that open something for this person now."""
        return self.live().filter(user=user)

    def for_organization(self, organization: Organization) -> Self:
        """All, also those whose time is over."""
        return self.filter(organization=organization)

    def live(self) -> Self:
        return self.filter(live())

    def for_switcher(self) -> Self:
        """With their organizations, by name."""
        return self.select_related("organization__parent").order_by("organization__name", "id")


class Membership(models.Model):
    """One person's role in one organization."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    checklist_hidden = models.BooleanField(default=False)  # the first steps, on the overview
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)  # contractors; NULL: until removed

    objects = MembershipQuerySet.as_manager()

    limited_to: frozenset[Permission] | None = None  # only on one that stands for a guest, and is not stored

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}: {self.role}"

    @property
    def permissions(self) -> frozenset[Permission]:
        own = permissions_of(self.role)
        return own if self.limited_to is None else own & self.limited_to

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def seen_by(self, organization: Organization) -> Self:
        """What happened there, and what its people did elsewhere on its behalf."""
        return self.filter(Q(organization=organization) | Q(on_behalf_of=organization))


class AuditEvent(models.Model):
    """Who did what to which thing. Written by services inside their transaction; never changed."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="audit_events")
    # Whoever stands in the log is switched off, not deleted: the log is never changed.
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organization", "-at"], name="audit_by_organization"),
            models.Index(fields=["target", "-at"], name="audit_by_target"),
            models.Index(fields=["on_behalf_of", "-at"], name="audit_by_behalf"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class DelegationGrantQuerySet(models.QuerySet["DelegationGrant"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def given_to(self, reseller: Organization) -> Self:
        return self.filter(reseller=reseller)

    def active(self, now: datetime) -> Self:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class DelegationGrant(models.Model):
    """What a customer lets its reseller do beyond seeing that it exists. Without one: nothing."""

    class Scope(models.TextChoices):
        CONFIG = "config", "Change widgets and domains"
        CREDENTIALS = "credentials", "Replace stored keys"
        TRANSCRIPTS = "transcripts", "Read conversations"
        IMPERSONATE = "impersonate", "Come into the dashboard"

    public_id = models.CharField(max_length=32, unique=True, default=_grant_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="grants_given")
    reseller = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="grants_received")
    scope = models.CharField(max_length=12, choices=Scope)
    granted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)  # NULL: until revoked
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reseller", "scope"],
                condition=Q(revoked_at=None),
                name="one_unrevoked_grant_per_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} to {self.reseller}: {self.scope}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class ApiToken(models.Model):
    """A machine's right to call the REST API for one organization, at most as far as its creator's role goes."""

    public_id = models.CharField(max_length=32, unique=True, default=_token_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    last4 = models.CharField(max_length=4, editable=False)
    scopes = models.JSONField(default=list)
    ip_list = models.JSONField(default=list, blank=True)  # networks; empty: from anywhere
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ••••{self.last4}"


class IdempotentAnswer(models.Model):
    """What a call with an Idempotency-Key was answered, for a day. `status` NULL: it is still being done."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    sealed_answer = models.TextField(blank=True)  # sealed: it may hold a key that is shown once
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "endpoint", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class WebhookEndpoint(models.Model):
    """Where an organization wants to be told what happened."""

    public_id = models.CharField(max_length=32, unique=True, default=_endpoint_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)  # "license.*", "widget.published", …
    description = models.CharField(max_length=200, blank=True)
    sealed_secret = models.TextField(editable=False)
    sealed_previous_secret = models.TextField(blank=True, editable=False)  # signs too, until…
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True)  # the first failure after the last success
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["organization", "id"], name="endpoint_of_organization")]

    def __str__(self) -> str:
        return self.public_id

    def context(self) -> str:
        return f"webhook|{self.organization_id}|{self.public_id}"

    def wants(self, event: str) -> bool:
        return self.disabled_at is None and (event in self.events or f"{event.partition('.')[0]}.*" in self.events)


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class WebhookDelivery(models.Model):
    """One event for one endpoint: written with the change it tells of, sent by a task, kept as the log."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    public_id = models.CharField(max_length=32, unique=True, default=_message_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    body = models.TextField()  # exactly as it is signed and sent
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    response_status = models.PositiveSmallIntegerField(null=True)
    response_excerpt = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    delivered_at = models.DateTimeField(null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(status="pending"), name="deliveries_due"),
            models.Index(fields=["endpoint", "-created_at"], name="deliveries_by_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.public_id}"


# They refer to Organization.
import accounts.brand_models  # noqa: E402
import accounts.guest_models  # noqa: E402, F401
