from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms

from accounts.models import Organization
from licenses.forms.deeds import in_short
from licenses.forms.fields import CustomerField, DayField, first_moment, last_moment
from licenses.models import Plan
from licenses.reach import Kind, customers_within, plans_within, resellers

MOST: Final = 100  # licences in one go


class IssueForm(forms.Form):
    plan = forms.ChoiceField(label="Plan")
    customer = CustomerField(
        Organization.objects.none(),
        label="Customer",
        required=False,
        help_text="Empty: into the pool, for whoever gets the key.",
    )
    reseller = CustomerField(
        Organization.objects.none(),
        list_id="resellers",
        label="Out of the pool of",
        required=False,
        help_text="A reseller. Empty: out of no pool.",
    )
    count = forms.IntegerField(label="How many", min_value=1, max_value=MOST, initial=1)
    starts = DayField(label="First day", required=False, help_text="Empty: at once.")
    ends = DayField(label="Last day", required=False, help_text="Empty: as long as the plan says.")
    once = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)

    def __init__(self, data: Any = None, *, viewer: Organization, customer: str = "") -> None:
        super().__init__(data, initial={"customer": customer})
        self.plans = {plan.public_id: plan for plan in plans_within(viewer).newest()}
        plan, holder, pool = self.fields["plan"], self.fields["customer"], self.fields["reseller"]
        assert isinstance(plan, forms.ChoiceField)  # noqa: S101
        assert isinstance(holder, CustomerField)  # noqa: S101
        assert isinstance(pool, CustomerField)  # noqa: S101
        plan.choices = [(public_id, in_short(plan)) for public_id, plan in self.plans.items()]
        holder.customers = customers_within(viewer)
        self.suggestions = holder.suggestions()
        if viewer.kind == Kind.PLATFORM:
            pool.customers = resellers()
            self.reseller_suggestions = pool.suggestions()
        else:
            del self.fields["reseller"]

    def clean_plan(self) -> Plan:
        return self.plans[self.cleaned_data["plan"]]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        customer, reseller = values.get("customer"), values.get("reseller")
        if customer and reseller and customer.parent_id != reseller.pk:
            self.add_error("customer", "This is not a customer of that reseller.")
        if values.get("starts") and values.get("ends") and values["ends"] < values["starts"]:
            self.add_error("ends", "The last day comes after the first.")
        return values

    def values(self) -> dict[str, Any]:
        """As issue_licenses takes them."""
        found = self.cleaned_data
        starts: datetime | None = first_moment(found["starts"])
        return {
            "plan": found["plan"],
            "count": found["count"],
            "organization": found["customer"],
            "issuer": found.get("reseller"),
            "starts_at": starts,
            "expires_at": last_moment(found["ends"]),
        }


class ClaimForm(forms.Form):
    key = forms.CharField(
        label="Licence key",
        max_length=80,
        help_text="It begins with cdk_. Small or capital letters, spaces and dashes do not matter.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
