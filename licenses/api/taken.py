"""What calls about licences, customers and domains take."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.api.calls import PageQuery, Strict
from licenses.entitlements import Feature, Metric
from licenses.models import License
from licenses.services.common import LAST_YEAR

_CUSTOMER = "org_5TxY0wGqVbJ8rLmNcKdZ2a"
FEATURES = [feature.value for feature in Feature]
LEVELS = [level.value for level in License.Level]
_MOST = 2**53 - 1  # what every JSON reader can hold


class Moment(serializers.DateTimeField):
    """In the centuries that licences are for."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if not 2000 <= moment.year <= LAST_YEAR:
            raise serializers.ValidationError(f"Give a moment from 2000 to {LAST_YEAR}.")
        return moment


class NewCustomer(Strict):
    example = {"name": "Bob's shop", "reference": "crm-4711"}

    name = serializers.CharField(max_length=120)
    reference = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="Your own number of this customer, once only."
    )
    reseller = serializers.CharField(
        max_length=32, required=False, help_text="For the platform: whose customer it is. Without: nobody's."
    )


class CustomerChange(Strict):
    example = {"name": "Bob's bakery"}

    name = serializers.CharField(max_length=120, required=False)


class CustomerQuery(PageQuery):
    name = serializers.CharField(max_length=120, required=False, help_text="What the name contains.")
    suspended = serializers.BooleanField(required=False, help_text="true: only those that are suspended.")


class LicenseQuery(PageQuery):
    customer = serializers.CharField(max_length=32, required=False, help_text="Who holds it: an organization's id.")
    plan = serializers.CharField(max_length=40, required=False, help_text="The plan's code.")
    assigned = serializers.BooleanField(required=False, help_text="false: in the pool.")
    suspended = serializers.BooleanField(required=False, help_text="true: only those that are suspended.")
    revoked = serializers.BooleanField(required=False, help_text="true: only those that are revoked.")
    expires_after = serializers.DateTimeField(required=False, help_text="From this moment on.")
    expires_before = serializers.DateTimeField(required=False, help_text="Before this moment.")


class PlanQuery(PageQuery):
    code = serializers.CharField(max_length=40, required=False, help_text="All versions of this plan.")


class NewLicense(Strict):
    example = {"plan": "basic", "customer": _CUSTOMER, "expires_at": "2027-11-20T12:00:00Z"}

    plan = serializers.CharField(max_length=40, help_text="A plan's code, for its newest version, or its id.")
    customer = serializers.CharField(
        max_length=32, required=False, allow_null=True, help_text="Who holds it. Without: it goes into the pool."
    )
    reseller = serializers.CharField(
        max_length=32, required=False, help_text="For the platform: out of whose pool it comes."
    )
    starts_at = Moment(required=False, allow_null=True, help_text="Without: at once.")
    expires_at = Moment(required=False, allow_null=True, help_text="Without: the plan's duration.")
    allow_localhost = serializers.BooleanField(required=False, default=False)


class ToCustomer(Strict):
    example = {"customer": _CUSTOMER}

    customer = serializers.CharField(max_length=32)


class Claim(Strict):
    example = {"key": "cdk_7ZJ4V0K-M3WQ8RX-C5TN2HB-9YD7Q2M"}

    key = serializers.CharField(max_length=80)


class Suspension(Strict):
    example = {"reason": "An invoice is open"}

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(
        LEVELS, required=False, help_text="A lower level than your own, to let others lift it."
    )


class Reinstatement(Strict):
    example = {"level": "reseller"}

    level = serializers.ChoiceField(LEVELS, required=False, help_text="A lower level than your own.")


class Reason(Strict):
    example = {"reason": "Cancelled"}

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class Term(Strict):
    example = {"days": 365}

    days = serializers.IntegerField(
        min_value=1, max_value=36_500, required=False, allow_null=True, help_text="Without: the plan's duration."
    )


class Until(Strict):
    example = {"until": "2028-01-31T12:00:00Z"}

    until = Moment()


class PlanChange(Strict):
    example = {"plan": "pro"}

    plan = serializers.CharField(max_length=40, help_text="A plan's code, for its newest version, or its id.")
    force = serializers.BooleanField(
        required=False, default=False, help_text="Also when more is in use than it allows: nothing is deleted."
    )


class Overrides(Strict):
    example = {"limits": {"widgets": 5}, "features_removed": ["file_upload"]}

    limits = serializers.DictField(
        child=serializers.IntegerField(min_value=-1, max_value=_MOST, allow_null=True),
        required=False,
        help_text="What differs from the plan: -1 unlimited, 0 none, null as the plan. Known are: "
        + ", ".join(Metric)
        + ".",
    )
    features_added = serializers.ListField(child=serializers.ChoiceField(FEATURES), required=False)
    features_removed = serializers.ListField(child=serializers.ChoiceField(FEATURES), required=False)
    grace_days = serializers.IntegerField(min_value=0, max_value=366, required=False, allow_null=True)
    force = serializers.BooleanField(
        required=False, default=False, help_text="Also when more is in use than the new limits allow."
    )


class KeyRotation(Strict):
    example = {"overlap_hours": 24}

    overlap_hours = serializers.IntegerField(
        min_value=0, max_value=168, default=24, help_text="How long the present key stays good."
    )


class NewDomains(Strict):
    example = {"domains": ["example.com", "*.example.com"]}

    domains = serializers.ListField(
        child=serializers.CharField(max_length=300),
        min_length=1,
        max_length=200,
        help_text="`example.com`, `*.example.com`, `example.com:8443`. All are added, or none.",
    )


class Localhost(Strict):
    example = {"allowed": True}

    allowed = serializers.BooleanField()


class UsageQuery(PageQuery):
    license = serializers.CharField(max_length=32, required=False, help_text="A licence's id.")
    metric = serializers.ChoiceField([metric.value for metric in Metric], required=False, help_text="What was counted.")
    since = serializers.DateField(required=False, help_text="Periods that start on this day or later.")
    until = serializers.DateField(required=False, help_text="Periods that start before this day.")


class Ask(Strict):
    example = {"key": "cdk_7ZJ4V0K-M3WQ8RX-C5TN2HB-9YD7Q2M", "domain": "shop.example.com", "widget_type": "n8n"}

    key = serializers.CharField(max_length=80, required=False, help_text="The licence's key, or…")
    license = serializers.CharField(max_length=32, required=False, help_text="…its id.")
    domain = serializers.CharField(
        max_length=300, required=False, allow_null=True, help_text="May its widgets appear there?"
    )
    feature = serializers.CharField(max_length=40, required=False, allow_null=True, help_text="Does it include this?")
    widget_type = serializers.CharField(
        max_length=20, required=False, allow_null=True, help_text="May it run widgets of this type?"
    )
