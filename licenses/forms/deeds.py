"""What is asked before something is done to a licence. Each form knows the licence and who is looking."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.timezone import localdate

from accounts.models import Organization
from licenses.entitlements import Feature, Metric
from licenses.forms.fields import CustomerField, DayField, LimitField, last_moment
from licenses.models import License, Plan
from licenses.reach import customers_within, plans_within
from licenses.wording import limit_words

FORCE = "Do it all the same. Nothing is deleted, but nothing can be added until less is in use."


class DeedForm(forms.Form):
    over: list[str] = []  # what is in use beyond the limits, once that was the reason for a refusal

    def __init__(self, data: Any = None, *, license: License, viewer: Organization) -> None:
        self.license, self.viewer = license, viewer
        super().__init__(data)
        self.prepare()

    def prepare(self) -> None:
        """What depends on the licence."""

    @property
    def shown(self) -> list[forms.BoundField]:
        """To force something is offered once it was refused."""
        return [field for field in self.visible_fields() if field.name != "force" or self.over or field.value()]


class SuspendForm(DeedForm):
    reason = forms.CharField(label="Reason", max_length=200, help_text="It is kept, and the customer reads it.")


class RenewForm(DeedForm):
    days = forms.IntegerField(label="Days", min_value=1, max_value=36_500)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)

    def prepare(self) -> None:
        self.fields["days"].initial = self.license.plan.duration_days


class ExtendForm(DeedForm):
    until = DayField(label="Last day", help_text="Through the end of that day (UTC).")

    def prepare(self) -> None:
        self.fields["until"].initial = localdate(self.license.expires_at) if self.license.expires_at else None

    def moment(self) -> datetime:
        found = last_moment(self.cleaned_data["until"])
        assert found  # noqa: S101  (the field is required)
        return found


class GraceForm(DeedForm):
    days = forms.IntegerField(label="Days of grace", required=False, min_value=0, max_value=366)

    def prepare(self) -> None:
        self.fields["days"].initial = self.license.grace_days
        self.fields["days"].help_text = f"Empty: the plan’s {self.license.plan.grace_days}."


class ChangePlanForm(DeedForm):
    plan = forms.ChoiceField(label="New plan")
    force = forms.BooleanField(label=FORCE, required=False)

    def prepare(self) -> None:
        self.plans = {plan.public_id: plan for plan in plans_within(self.viewer).newest()}
        self.plans.pop(self.license.plan.public_id, None)
        choice = self.fields["plan"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101
        choice.choices = [(public_id, in_short(plan)) for public_id, plan in self.plans.items()]

    def clean_plan(self) -> Plan:
        return self.plans[self.cleaned_data["plan"]]


class OverridesForm(DeedForm):
    force = forms.BooleanField(label=FORCE, required=False)

    def prepare(self) -> None:
        for metric in Metric:
            field = LimitField(
                metric.label, inherit=f"As the plan: {limit_words(self.license.plan.limits.get(metric) or 0)}"
            )
            field.initial = self.license.limit_overrides.get(metric)
            self.fields[f"limit_{metric}"] = field
        for feature in Feature:
            included = "included" if feature in self.license.plan.features else "not included"
            choices = [("", f"As the plan: {included}"), ("added", "Included"), ("removed", "Not included")]
            self.fields[f"feature_{feature}"] = forms.ChoiceField(
                label=feature.label,
                choices=choices,
                required=False,
                initial=self._present(feature),
            )
        self.order_fields([name for name in self.fields if name != "force"])

    def values(self) -> dict[str, Any]:
        """As set_overrides takes them."""
        chosen = {feature: self.cleaned_data[f"feature_{feature}"] for feature in Feature}
        return {
            "limits": {metric.value: self.cleaned_data[f"limit_{metric}"] for metric in Metric},
            "features_added": [feature for feature, word in chosen.items() if word == "added"],
            "features_removed": [feature for feature, word in chosen.items() if word == "removed"],
            "force": self.cleaned_data["force"],
        }

    def _present(self, feature: Feature) -> str:
        if feature in self.license.features_removed:
            return "removed"
        return "added" if feature in self.license.features_added else ""


class AssignForm(DeedForm):
    customer = CustomerField(Organization.objects.none(), label="Customer")

    def prepare(self) -> None:
        field = self.fields["customer"]
        assert isinstance(field, CustomerField)  # noqa: S101
        field.customers = customers_within(self.viewer)
        issuer = self.license.issuer
        if issuer and issuer.kind == Organization.Kind.RESELLER:
            field.customers = self._takers(field)
        self.suggestions = field.suggestions()

    def _takers(self, field: CustomerField) -> Any:
        return field.customers.filter(parent=self.license.issuer)


class TransferForm(AssignForm):
    """The platform moves a licence across resellers."""

    def _takers(self, field: CustomerField) -> Any:
        return field.customers

    def clean_customer(self) -> Organization:
        customer: Organization = self.cleaned_data["customer"]
        if customer.pk == self.license.organization_id:
            raise forms.ValidationError("This customer holds the licence already.")
        return customer


class RotateForm(DeedForm):
    overlap = forms.ChoiceField(
        label="The present key stays good",
        choices=[("0", "Not at all: it dies at once"), ("1", "For 24 hours"), ("3", "For 3 days"), ("7", "For 7 days")],
        initial="1",
    )
    replaces = forms.CharField(max_length=4, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["replaces"].initial = self.license.key_last4

    def duration(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["overlap"]))


class RevokeForm(DeedForm):
    reason = forms.CharField(label="Reason", max_length=200, help_text="It is kept, and the customer reads it.")
    typed = forms.CharField(label="Type the licence’s id to confirm", max_length=40)

    def prepare(self) -> None:
        self.fields["typed"].help_text = self.license.public_id
        self.fields["typed"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"] != self.license.public_id:
            raise forms.ValidationError("This is not the licence’s id.")
        return self.license.public_id


def in_short(plan: Plan) -> str:
    """“Basic: 2 widgets, 3 domains, 100 chats a month”."""
    words = [
        f"{limit_words(plan.limits.get(metric) or 0)} {noun}"
        for metric, noun in (
            (Metric.WIDGETS, "widgets"),
            (Metric.DOMAINS, "domains"),
            (Metric.SESSIONS_MONTH, "chats a month"),
        )
    ]
    return f"{plan.name} (version {plan.version}): {', '.join(words)}"
