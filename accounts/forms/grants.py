from datetime import datetime, timedelta

from django import forms

from accounts.models import DelegationGrant

Scope = DelegationGrant.Scope
SCOPES = (
    (Scope.IMPERSONATE, "Come into this dashboard", "Their managers see your widgets, licences and figures."),
    (Scope.CONFIG, "Change widgets and domains", "Once they are in: configure, publish, allow websites."),
    (Scope.CREDENTIALS, "Replace stored keys", "They can enter new ones. Nobody can read those that are stored."),
    (Scope.TRANSCRIPTS, "Read conversations", "Once they are in: what visitors and the assistant wrote."),
)
DURATIONS = (("1", "One day"), ("7", "A week"), ("30", "30 days"), ("90", "90 days"), ("", "Until I take it back"))


class GrantForm(forms.Form):
    scopes = forms.MultipleChoiceField(
        label="What they may do",
        choices=[(scope.value, label) for scope, label, _ in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what they may do."},
    )
    days = forms.ChoiceField(label="For how long", choices=DURATIONS, required=False)

    def clean_scopes(self) -> list[str]:
        """Each of them is done inside the dashboard."""
        chosen: list[str] = self.cleaned_data["scopes"]
        return list(dict.fromkeys([Scope.IMPERSONATE.value, *chosen]))

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None

    def rows(self) -> list[tuple[str, str, str, bool]]:
        """(value, label, help, ticked) of each scope."""
        ticked = self.data.getlist("scopes") if self.is_bound else []  # type: ignore[attr-defined]
        return [(scope.value, label, text, scope.value in ticked) for scope, label, text in SCOPES]


class ActForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=200, help_text="The customer reads it in its audit log.")
    hours = forms.TypedChoiceField(
        label="For how long", choices=[(1, "One hour"), (2, "Two hours"), (4, "Four hours")], coerce=int, initial=1
    )
