from typing import Any

from django import forms

from licenses.entitlements import Feature, Metric
from licenses.forms.fields import LimitField
from licenses.models import Plan

_PREFIX = "limit_"


class PlanForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    duration_days = forms.IntegerField(
        label="Days a licence runs",
        required=False,
        min_value=1,
        max_value=36_500,
        help_text="From its start, or from the day a customer gets it. Empty: until further notice.",
    )
    grace_days = forms.IntegerField(
        label="Days of grace",
        min_value=0,
        max_value=366,
        initial=7,
        help_text="Widgets run on for so long after the end.",
    )
    renewal = forms.ChoiceField(label="A renewal counts", choices=Plan.Renewal.choices)
    features = forms.MultipleChoiceField(
        label="What the plan includes",
        choices=[(feature.value, feature.label) for feature in Feature],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, plan: Plan | None = None) -> None:
        super().__init__(data, initial=_initial(plan) if plan else None)
        for metric in Metric:
            field = LimitField(metric.label)
            field.initial = (plan.limits.get(metric) or 0) if plan else 0
            self.fields[_PREFIX + metric] = field

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        return [self[_PREFIX + metric] for metric in Metric]

    def values(self) -> dict[str, Any]:
        """As create_plan and edit_plan take them."""
        facts = {name: self.cleaned_data[name] for name in self.cleaned_data if not name.startswith(_PREFIX)}
        return facts | {"limits": {metric.value: self.cleaned_data[_PREFIX + metric] for metric in Metric}}


class NewPlanForm(PlanForm):
    code = forms.SlugField(
        label="Code",
        max_length=40,
        help_text="Letters, digits and dashes, such as “basic”. It never changes: imports name the plan by it.",
    )

    field_order = ("name", "code")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if Plan.objects.filter(code=code).exists():
            raise forms.ValidationError("There is a plan with this code already. Edit that one.")
        return code


def _initial(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in ("name", "duration_days", "grace_days", "renewal", "features")}
