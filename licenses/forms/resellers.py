from typing import Any

from django import forms

from licenses.entitlements import Pool
from licenses.forms.fields import LimitField
from licenses.models import Plan, ResellerAccount
from licenses.wording import POOL_LABELS

_PREFIX = "pool_"


class PoolForm(forms.Form):
    """What a reseller may hand out."""

    mode = forms.ChoiceField(
        label="What counts against the pool",
        choices=ResellerAccount.Mode.choices,
        initial=ResellerAccount.Mode.RESERVE,
        help_text="Handed out: the limits of all licences together. Used: what the customers really have and chat.",
    )
    plan_codes = forms.MultipleChoiceField(
        label="Plans it may issue", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, account: ResellerAccount | None = None) -> None:
        super().__init__(data, initial={"mode": account.mode, "plan_codes": account.plan_codes} if account else None)
        plans = self.fields["plan_codes"]
        assert isinstance(plans, forms.MultipleChoiceField)  # noqa: S101
        plans.choices = [(plan.code, plan.name) for plan in Plan.objects.newest()]
        for name in Pool.model_fields:
            field = LimitField(POOL_LABELS[name])
            field.initial = getattr(account.limits(), name) if account else 0
            self.fields[_PREFIX + name] = field

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        return [self[_PREFIX + name] for name in Pool.model_fields]

    def values(self) -> dict[str, Any]:
        """As create_reseller and set_pool take them."""
        facts = {name: self.cleaned_data[name] for name in self.cleaned_data if not name.startswith(_PREFIX)}
        return facts | {"pool": {name: self.cleaned_data[_PREFIX + name] for name in Pool.model_fields}}

    def add_errors(self, errors: dict[str, str]) -> None:
        """A service's, by its names."""
        for name, text in errors.items():
            field = _PREFIX + name if name in Pool.model_fields else name
            self.add_error(field if field in self.fields else None, text)


class OwnerField(forms.EmailField):
    def __init__(self) -> None:
        help_text = "They get a mail with a link. You can also make the organization now, and invite nobody."
        super().__init__(label="E-mail of its first owner", required=False, help_text=help_text)


class ResellerForm(PoolForm):
    name = forms.CharField(label="Name", max_length=120)
    owner = OwnerField()

    field_order = ("name", "owner")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "owner"}


class CustomerForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    reference = forms.CharField(
        label="Reference",
        max_length=80,
        required=False,
        help_text="Its number in your own books. An import knows the customer by it again.",
    )
    owner = OwnerField()
