from datetime import UTC
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organization
from core.crypto import Secret
from core.ids import new_id
from licenses.domains import LOCALHOST_RULES, Rule, RuleSet
from licenses.entitlements import UNLIMITED, Feature, Metric, Pool
from licenses.states import Facts

HTTPS = 443


def _plan_id() -> str:
    return new_id("pln")


def _license_id() -> str:
    return new_id("lic")


class PlanQuerySet(models.QuerySet["Plan"]):
    def newest(self) -> Self:
        """The latest version of every code."""
        newer = Plan.objects.filter(code=models.OuterRef("code"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(newer))


class Plan(models.Model):
    """A template of limits and features. Never edited once a licence uses it: an edit makes a new version.

    `limits` maps a metric to a number: -1 unlimited, 0 none; a metric that is missing or None counts as 0.
    """

    class Renewal(models.TextChoices):
        FROM_EXPIRY = "from_expiry", "From the old end"
        FROM_NOW_IF_EXPIRED = "from_now_if_expired", "From today, once it has expired"

    public_id = models.CharField(max_length=32, unique=True, default=_plan_id, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80)
    limits = models.JSONField(default=dict)
    features = models.JSONField(default=list)
    grace_days = models.PositiveSmallIntegerField(default=7)
    duration_days = models.PositiveIntegerField(null=True, blank=True)  # NULL: until further notice
    renewal = models.CharField(max_length=20, choices=Renewal, default=Renewal.FROM_EXPIRY)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"


class LicenseQuerySet(models.QuerySet["License"]):
    def for_organization(self, organization: Organization | None) -> Self:
        """None: those that nobody holds yet."""
        return self.filter(organization=organization)

    def with_facts(self) -> Self:
        """All that deciding a licence's state reads, in one query."""
        return self.select_related("plan", "organization__parent", "issuer")

    def issued_by(self, reseller: Organization) -> Self:
        return self.filter(issuer=reseller)

    def holding(self) -> Self:
        """Those that take up room in their issuer's pool: a revoked licence gives it back."""
        return self.filter(revoked_at=None)


class License(models.Model):
    """The right of one organization to run widgets. Its state is derived from these facts and the clock."""

    class Level(models.TextChoices):
        PLATFORM = "platform", "Platform"
        RESELLER = "reseller", "Reseller"
        BILLING = "billing", "Billing"
        SELF = "self", "Customer"

    public_id = models.CharField(max_length=32, unique=True, default=_license_id, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="licenses"
    )
    issuer = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="issued_licenses"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="licenses")
    starts_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.CharField(max_length=10, choices=Level, blank=True)
    suspend_reason = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)
    key_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    key_last4 = models.CharField(max_length=4, blank=True, editable=False)
    previous_key_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    previous_key_until = models.DateTimeField(null=True, blank=True, editable=False)
    grace_days = models.PositiveSmallIntegerField(null=True, blank=True)  # NULL: the plan's
    limit_overrides = models.JSONField(default=dict, blank=True)
    features_added = models.JSONField(default=list, blank=True)
    features_removed = models.JSONField(default=list, blank=True)
    allow_localhost = models.BooleanField("allow localhost", default=False)
    # What the licence takes out of its issuer's pool: its effective limits, in columns so that they can be summed.
    reserved_widgets = models.BigIntegerField(default=0, editable=False)
    reserved_domains = models.BigIntegerField(default=0, editable=False)
    reserved_sessions_month = models.BigIntegerField(default=0, editable=False)
    transferred_from = models.CharField(max_length=32, blank=True, editable=False)  # the former owner's licence
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LicenseQuerySet.as_manager()

    fresh_key: Secret | None = None  # only on the object that a service has just given a new key

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["issuer", "revoked_at"], name="licenses_by_issuer"),
            models.Index(fields=["expires_at"], name="licenses_by_expiry"),
            # As their list is sorted: a page of 10,000 is read without the others.
            models.Index(fields=["-created_at", "-id"], name="licenses_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="license_of_organization"),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(expires_at=None) | Q(expires_at__gt=F("starts_at")),
                name="license_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def facts(self) -> Facts:
        organization = self.organization
        reseller = organization.parent if organization else self.issuer
        return Facts(
            assigned=organization is not None,
            starts_at=self.starts_at,
            expires_at=self.expires_at,
            grace_days=self.plan.grace_days if self.grace_days is None else self.grace_days,
            revoked_at=self.revoked_at,
            suspended_at=self.suspended_at,
            organization_suspended_at=organization.suspended_at if organization else None,
            reseller_suspended_at=reseller.suspended_at if reseller else None,
        )

    def rule_set(self) -> RuleSet:
        """The sites on which the licence's widgets may appear."""
        rules = [rule.rule for rule in self.domain_rules.all()]
        return RuleSet([*rules, *(LOCALHOST_RULES if self.allow_localhost else ())])

    def limit(self, metric: Metric) -> int:
        """-1 unlimited, 0 none. What neither the licence nor the plan names is 0: unknown never means unlimited."""
        value = self.limit_overrides.get(metric)
        value = self.plan.limits.get(metric) if value is None else value
        return value if isinstance(value, int) and value >= UNLIMITED else 0

    def has(self, feature: Feature) -> bool:
        granted = feature in self.plan.features or feature in self.features_added
        return granted and feature not in self.features_removed

    @property
    def anchor_day(self) -> int:
        """The day of the month (1–31) on which the licence's monthly counts begin anew."""
        return (self.starts_at or self.created_at).astimezone(UTC).day


class DomainRuleQuerySet(models.QuerySet["DomainRule"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class DomainRule(models.Model):
    """One website on which a licence's widgets may appear."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="domain_rules")
    host = models.CharField(max_length=253)
    wildcard = models.BooleanField(default=False)
    port = models.PositiveIntegerField(default=HTTPS)  # 0: any
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DomainRuleQuerySet.as_manager()

    class Meta:
        ordering = ["host", "wildcard", "port"]
        constraints = [
            models.UniqueConstraint(fields=["license", "host", "wildcard", "port"], name="domain_rule_once"),
        ]

    def __str__(self) -> str:
        return self.rule.unicode

    @property
    def rule(self) -> Rule:
        port = None if self.port == HTTPS else self.port
        return Rule(scheme="https", host=self.host, wildcard=self.wildcard, port=port)


class UsageCounterQuerySet(models.QuerySet["UsageCounter"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class UsageCounter(models.Model):
    """How much of a metric a licence has used in a period that starts on `period_start`."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="usage_counters")
    metric = models.CharField(max_length=30, choices=[(m.value, m.value) for m in Metric])
    period_start = models.DateField()
    used = models.BigIntegerField(default=0)
    carried = models.BigIntegerField(default=0)  # of `used`, what a former owner used before the licence came here

    objects = UsageCounterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "metric", "period_start"], name="usage_counter_once"),
            models.CheckConstraint(condition=Q(used__gte=0), name="usage_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} since {self.period_start}: {self.used}"


class ResellerAccountQuerySet(models.QuerySet["ResellerAccount"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class ResellerAccount(models.Model):
    """What a reseller may hand out."""

    class Mode(models.TextChoices):
        RESERVE = "reserve", "What is handed out counts"
        USAGE = "usage", "What is used counts"

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="reseller_account")
    plan_codes = models.JSONField(default=list)  # the plans it may issue, in any version
    pool = models.JSONField(default=dict)  # see entitlements.Pool
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.RESERVE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ResellerAccountQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.organization)

    def limits(self) -> Pool:
        return Pool.model_validate(self.pool)


class PoolCounter(models.Model):
    """How many sessions a reseller's customers used together in a calendar month, where usage is what counts."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    period_start = models.DateField()
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "period_start"], name="pool_counter_once")]

    def __str__(self) -> str:
        return f"{self.organization} since {self.period_start}: {self.used}"


class Renewal(models.Model):
    """A renewal that was done: asking again with the same key does nothing more."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="renewals")
    idempotency_key = models.CharField(max_length=255)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["license", "idempotency_key"], name="renewal_once")]

    def __str__(self) -> str:
        return f"{self.license} until {self.expires_at:%Y-%m-%d}"


class Reminder(models.Model):
    """A reminder of one end of a licence. The row comes first and the mail from it, so that each is sent once."""

    class Kind(models.TextChoices):
        TWO_WEEKS = "two_weeks", "Ends in two weeks"
        THREE_DAYS = "three_days", "Ends in three days"
        ENDED = "ended", "Has ended"
        STOPPED = "stopped", "Grace is over"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind)
    expires_at = models.DateTimeField()  # the end it is about: after a renewal there is a new one
    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["license", "kind", "expires_at"], name="reminder_once")]
        indexes = [models.Index(fields=["id"], condition=Q(mailed_at=None), name="reminders_to_mail")]

    def __str__(self) -> str:
        return f"{self.license}: {self.kind}"


class QuotaWarning(models.Model):
    """A share of a limit that was reached, once per period and limit: another limit warns anew."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="quota_warnings")
    metric = models.CharField(max_length=30)
    period_start = models.DateField()
    percent = models.PositiveSmallIntegerField()
    limit = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["license", "metric", "period_start", "percent", "limit"], name="quota_warning_per_limit"
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(mailed_at=None), name="quota_warnings_to_mail")]

    def __str__(self) -> str:
        return f"{self.license}: {self.percent} % of {self.metric}"
