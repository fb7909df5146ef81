"""Forms of the pages for machines: API tokens and webhooks."""

import ipaddress
from datetime import timedelta
from typing import Any

from django import forms

from accounts.apitokens import LIFETIME, Scope
from accounts.events import CHOICES, EVENTS, KINDS
from accounts.webhooks import LONGEST_OVERLAP, OVERLAP

_KIND_WORDS = {"license.*": "Everything about licences", "widget.*": "Everything about widgets"}


class TokenForm(forms.Form):
    """`scopes`: those that the person's own role covers."""

    name = forms.CharField(label="Name", max_length=80, help_text="What will use it, such as “billing system”.")
    scopes = forms.MultipleChoiceField(
        label="What it may do", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )
    days = forms.TypedChoiceField(
        label="It ends after",
        coerce=int,
        initial=LIFETIME.days,
        choices=[(7, "a week"), (30, "30 days"), (LIFETIME.days, "90 days"), (180, "half a year"), (365, "a year")],
    )
    ip_list = forms.CharField(
        label="Only from these addresses",
        required=False,
        max_length=4000,
        help_text="One a line, such as 192.0.2.10 or 192.0.2.0/24. Empty: from anywhere.",
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, scopes: list[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.words) for scope in scopes]  # type: ignore[attr-defined]

    def clean_ip_list(self) -> list[str]:
        networks = []
        for line in self.cleaned_data["ip_list"].split():
            try:
                networks.append(str(ipaddress.ip_network(line, strict=False)))
            except ValueError:
                raise forms.ValidationError(f"“{line}” is no address. Write 192.0.2.10 or 192.0.2.0/24.") from None
        return networks


class EndpointForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="It gets a POST for every event. https only, and reachable from the internet.",
        widget=forms.URLInput({"placeholder": "https://example.com/hooks/chatdock", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label="Note", max_length=200, required=False, help_text="For you and your colleagues."
    )
    events = forms.MultipleChoiceField(
        label="Events",
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind, _KIND_WORDS[kind]) for kind in KINDS] + [(name, EVENTS[name].words) for name in CHOICES],
        error_messages={"required": "Choose at least one."},
    )


class RotateForm(forms.Form):
    overlap_hours = forms.TypedChoiceField(
        label="The old secret signs too for",
        coerce=int,
        initial=int(OVERLAP.total_seconds() // 3600),
        choices=[(0, "no time"), (1, "an hour"), (24, "a day"), (int(LONGEST_OVERLAP / timedelta(hours=1)), "a week")],
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["overlap_hours"])
