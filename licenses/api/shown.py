"""How the API shows what the business runs on."""

from datetime import datetime

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.calls import Shown
from licenses.domains import describe_rule
from licenses.entitlements import Feature, Metric
from licenses.models import DomainRule, License
from licenses.states import State, derive, valid_until
from licenses.validation import VALID

NUMBERS = {"type": "object", "additionalProperties": {"type": "integer"}}
_LIMITS = {"widgets": 3, "domains": 5, "sessions_month": 1000, "members": -1}
_LICENSE = {
    "id": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
    "organization": "org_5TxY0wGqVbJ8rLmNcKdZ2a",
    "reseller": "org_0aZ2dKcNmLr8JbVqGw0YxT",
    "plan": "basic",
    "plan_version": 1,
    "state": "active",
    "starts_at": None,
    "expires_at": "2027-11-20T12:00:00Z",
    "valid_until": "2027-11-27T12:00:00Z",
    "suspended_at": None,
    "suspended_by": "",
    "suspend_reason": "",
    "revoked_at": None,
    "revoke_reason": "",
    "key_last4": "7Q2M",
    "limits": _LIMITS,
    "features": ["n8n", "api"],
    "grace_days": 7,
    "allow_localhost": False,
    "transferred_from": "",
    "created_at": "2026-11-20T12:00:00Z",
}


class LicenseShown(Shown):
    example = _LICENSE

    id = serializers.CharField(source="public_id")
    organization = serializers.CharField(
        source="organization.public_id", allow_null=True, help_text="Who holds it; null: it is in the pool."
    )
    reseller = serializers.CharField(source="issuer.public_id", allow_null=True, help_text="Who issued it.")
    plan = serializers.CharField(source="plan.code")
    plan_version = serializers.IntegerField(source="plan.version")
    state = serializers.SerializerMethodField()
    starts_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="null: never.")
    valid_until = serializers.SerializerMethodField(help_text="The end with its grace; null: never.")
    suspended_at = serializers.DateTimeField(allow_null=True)
    suspended_by = serializers.CharField(help_text="The level that did: platform, reseller, billing or self.")
    suspend_reason = serializers.CharField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoke_reason = serializers.CharField()
    key_last4 = serializers.CharField()
    limits = serializers.SerializerMethodField(help_text="In effect: -1 unlimited, 0 none.")
    features = serializers.SerializerMethodField(help_text="In effect.")
    grace_days = serializers.SerializerMethodField()
    allow_localhost = serializers.BooleanField()
    transferred_from = serializers.CharField(help_text="The former owner's licence, where it was transferred.")
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField([state.value for state in State]))
    def get_state(self, license: License) -> str:
        return derive(license.facts(), timezone.now()).value

    def get_valid_until(self, license: License) -> datetime | None:
        return valid_until(license.facts())

    @extend_schema_field(NUMBERS)
    def get_limits(self, license: License) -> dict[str, int]:
        return {metric.value: license.limit(metric) for metric in Metric}

    def get_features(self, license: License) -> list[str]:
        return [feature.value for feature in Feature if license.has(feature)]

    def get_grace_days(self, license: License) -> int:
        return license.facts().grace_days


class LicenseWithKey(LicenseShown):
    example = _LICENSE | {"key": "cdk_7ZJ4V0K-M3WQ8RX-C5TN2HB-9YD7Q2M"}

    key = serializers.SerializerMethodField(help_text="Shown this once: with it a customer claims the licence.")

    def get_key(self, license: License) -> str:
        return license.fresh_key.reveal() if license.fresh_key else ""


class OverridesShown(Shown):
    example = {"limits": {"widgets": 5}, "features_added": [], "features_removed": ["file_upload"], "grace_days": None}

    limits = serializers.DictField(source="limit_overrides", child=serializers.IntegerField())
    features_added = serializers.ListField(child=serializers.CharField())
    features_removed = serializers.ListField(child=serializers.CharField())
    grace_days = serializers.IntegerField(allow_null=True, help_text="null: the plan's.")


class CustomerShown(Shown):
    example = {
        "id": "org_5TxY0wGqVbJ8rLmNcKdZ2a",
        "name": "Bob's shop",
        "slug": "bobs-shop",
        "reference": "crm-4711",
        "reseller": "org_0aZ2dKcNmLr8JbVqGw0YxT",
        "suspended_at": None,
        "created_at": "2026-11-20T12:00:00Z",
    }

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    slug = serializers.CharField(help_text="In the addresses of its dashboard.")
    reference = serializers.CharField(help_text="The seller's own number of it; empty without.")
    reseller = serializers.CharField(source="parent.public_id", allow_null=True)
    suspended_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class PlanShown(Shown):
    example = {
        "id": "pln_5TxY0wGqVbJ8rLmNcKdZ2a",
        "code": "basic",
        "version": 1,
        "name": "Basic",
        "limits": _LIMITS,
        "features": ["api", "n8n"],
        "grace_days": 7,
        "duration_days": 365,
        "renewal": "from_expiry",
        "created_at": "2026-11-20T12:00:00Z",
    }

    id = serializers.CharField(source="public_id")
    code = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    limits = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="-1 unlimited; 0, null or absent: none."
    )
    features = serializers.ListField(child=serializers.CharField())
    grace_days = serializers.IntegerField()
    duration_days = serializers.IntegerField(allow_null=True, help_text="null: until further notice.")
    renewal = serializers.CharField()
    created_at = serializers.DateTimeField()


class DomainShown(Shown):
    example = {
        "domain": "*.example.com",
        "meaning": "every subdomain of example.com, at any depth, but not example.com itself",
        "created_at": "2026-11-20T12:00:00Z",
    }

    domain = serializers.SerializerMethodField()
    meaning = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_domain(self, row: DomainRule) -> str:
        return row.rule.unicode

    def get_meaning(self, row: DomainRule) -> str:
        return describe_rule(row.rule)


class DomainsAdded(Shown):
    example = {"data": [DomainShown.example]}

    data = DomainShown(many=True, help_text="What was not on the list before.")  # type: ignore[assignment]


class LocalhostShown(Shown):
    example = {"allowed": True}

    allowed = serializers.BooleanField(source="allow_localhost")


class MeterShown(Shown):
    example = {"metric": "sessions_month", "used": 412, "limit": 1000, "resets_at": "2026-12-20T00:00:00Z"}

    metric = serializers.CharField()
    used = serializers.IntegerField()
    limit = serializers.IntegerField(help_text="-1: unlimited.")
    resets_at = serializers.DateTimeField(allow_null=True, help_text="When the count resets; null: it does not.")


class MetersShown(Shown):
    example = {"license": _LICENSE["id"], "meters": [MeterShown.example]}

    license = serializers.CharField()
    meters = MeterShown(many=True)


class UsageShown(Shown):
    example = {
        "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
        "metric": "sessions_month",
        "period_start": "2026-11-20",
        "used": 412,
        "carried": 0,
    }

    license = serializers.CharField(source="license.public_id")
    metric = serializers.CharField()
    period_start = serializers.DateField()
    used = serializers.IntegerField()
    carried = serializers.IntegerField(help_text="Of `used`, what a former owner had used before a transfer.")


class VerdictShown(Shown):
    example = {
        "valid": True,
        "code": VALID,
        "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
        "state": "active",
        "warnings": [],
        "expires_at": "2027-11-20T12:00:00Z",
        "valid_until": "2027-11-27T12:00:00Z",
        "resets_at": None,
    }

    valid = serializers.BooleanField()
    code = serializers.CharField(help_text="`valid`, or the first reason why not.")
    license = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    resets_at = serializers.DateTimeField(allow_null=True, help_text="When the limit that is used up resets.")
