from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organization
from core.ids import new_id
from licenses.domains import LOCALHOST_RULES, Rule, RuleSet
from licenses.entitlements import Feature, Metric
from licenses.states import Facts

HTTPS = 443


def _plan_id() -> str:
    return new_id("pln")


def _license_id() -> str:
    return new_id("lic")


class Plan(models.Model):
    """A template of limits and features. Never edited once a licence uses it: an edit makes a new version.

    `limits` maps a metric to a number: -1 unlimited, 0 none; a metric that is missing counts as 0.
    """

    public_id = models.CharField(max_length=32, unique=True, default=_plan_id, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80)
    limits = models.JSONField(default=dict)
    features = models.JSONField(default=list)
    grace_days = models.PositiveSmallIntegerField(default=7)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"


class LicenseQuerySet(models.QuerySet["License"]):
    def for_organization(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def with_facts(self) -> Self:
        """All that deciding a licence's state reads, in one query."""
        return self.select_related("plan", "organization__parent")


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
    limit_overrides = models.JSONField(default=dict, blank=True)
    features_added = models.JSONField(default=list, blank=True)
    features_removed = models.JSONField(default=list, blank=True)
    allow_localhost = models.BooleanField("allow localhost", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LicenseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
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
        reseller = organization.parent if organization else None
        return Facts(
            assigned=organization is not None,
            starts_at=self.starts_at,
            expires_at=self.expires_at,
            grace_days=self.plan.grace_days,
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
        value = self.limit_overrides.get(metric, self.plan.limits.get(metric))
        return value if isinstance(value, int) else 0

    def has(self, feature: Feature) -> bool:
        granted = feature in self.plan.features or feature in self.features_added
        return granted and feature not in self.features_removed


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
    """How much of a metric a licence has used in a period that starts on `period_start` (a day, or a month's first)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    license = models.ForeignKey(License, on_delete=models.CASCADE, related_name="usage_counters")
    metric = models.CharField(max_length=30, choices=[(m.value, m.value) for m in Metric])
    period_start = models.DateField()
    used = models.BigIntegerField(default=0)

    objects = UsageCounterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "metric", "period_start"], name="usage_counter_once"),
            models.CheckConstraint(condition=Q(used__gte=0), name="usage_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} since {self.period_start}: {self.used}"
