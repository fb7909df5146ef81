"""Controls that cannot be misread: a limit in words, a feature, a customer, a day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import Organization
from licenses.entitlements import UNLIMITED
from licenses.services.common import LAST_YEAR

UNKNOWN_CUSTOMER = "There is no such customer. Choose one of the list, or write its reference or its short name."
MOST_SUGGESTED = 500
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(LAST_YEAR, 12, 31)
_NUMBER = "number"


class LimitWidget(forms.MultiWidget):
    def __init__(self, words: Mapping[str, str], label: str) -> None:
        number = forms.NumberInput({"min": 1, "inputmode": "numeric", "aria-label": f"{label}: how many"})
        super().__init__([forms.Select(choices=list(words.items())), number])

    def decompress(self, value: Any) -> list[Any]:
        word = {None: "inherit", UNLIMITED: "unlimited", 0: "none"}.get(value, _NUMBER)
        return [word, value if word == _NUMBER else None]


class LimitField(forms.Field):
    """Unlimited (-1), none (0) or a number above it; with `inherit` also None. The number counts only with its word."""

    def __init__(self, label: str, *, inherit: str = "", most: int = 10**12) -> None:
        words = {"inherit": inherit} if inherit else {}
        self.words = {**words, "unlimited": "Unlimited", "none": "None", _NUMBER: "A number"}
        self.most = most
        super().__init__(label=label, required=True, widget=LimitWidget(self.words, label))

    def clean(self, value: Any) -> int | None:
        word, number = [*(value or []), None, None][:2]
        if word not in self.words:
            raise forms.ValidationError("Choose one.")
        if word != _NUMBER:
            return {"inherit": None, "unlimited": UNLIMITED, "none": 0}[word]
        counted: int | None = forms.IntegerField(min_value=1, max_value=self.most, required=False).clean(number)
        if counted is None:
            raise forms.ValidationError("Write how many.")
        return counted


class CustomerField(forms.CharField):
    """Typed as its short name, its reference or its id; names are suggested. What is not there and what is somebody
    else's are the same error. Cleans to an Organization or None."""

    def __init__(self, customers: QuerySet[Organization], *, list_id: str = "customers", **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.customers = customers
        self.widget.attrs |= {"list": list_id, "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = self.customers.filter(Q(slug=text) | Q(public_id=text) | Q(reference=text))[:5]
        if not found:
            raise forms.ValidationError(UNKNOWN_CUSTOMER)
        if len(found) > 1:
            meant = ", ".join(f"{customer.name} ({customer.public_id})" for customer in found)
            raise forms.ValidationError(f"This means several customers. Write the id of one: {meant}.")
        return found[0]

    def suggestions(self) -> list[tuple[str, str]]:
        """(what is typed, name)."""
        return list(self.customers.order_by("name").values_list("slug", "name")[:MOST_SUGGESTED])


class DayField(forms.DateField):
    """A day in UTC, in the centuries that licences are for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(f"Give a day from 2000 to {LAST_YEAR}.")


def first_moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None


def last_moment(day: date | None) -> datetime | None:
    """Something that ends on a day runs through that day."""
    return datetime.combine(day, time(23, 59, 59), UTC) if day else None
