from collections.abc import Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils import timezone

from core import outbound
from licenses.domains import RuleSet
from licenses.models import License
from widgets.onsite import address_of, is_local, origin_of
from widgets.snippets import Mode, Options
from widgets.types import all_types
from widgets.types.base import CredentialKind


class CreateForm(forms.Form):
    """`licenses`: those of the organization. With one of them there is nothing to choose."""

    widget_type = forms.ChoiceField(
        label="What answers the visitors?", widget=forms.RadioSelect, error_messages={"required": "Choose one."}
    )
    name = forms.CharField(label="Name", max_length=80, help_text="For you; visitors do not see it.")
    license = forms.ModelChoiceField(label="Licence", queryset=License.objects.none(), to_field_name="public_id")

    def __init__(self, *args: Any, licenses: list[License], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["widget_type"].choices = [(kind.id, kind.label) for kind in all_types().values()]  # type: ignore[attr-defined]
        if len(licenses) == 1:
            del self.fields["license"]
            self.only_license = licenses[0]
        else:
            ids = [license.pk for license in licenses]
            self.fields["license"].queryset = License.objects.filter(pk__in=ids).with_facts()  # type: ignore[attr-defined]

    @property
    def chosen_license(self) -> License:
        chosen: License = self.cleaned_data.get("license") or self.only_license
        return chosen


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="For you; visitors do not see it.")


class PublishForm(forms.Form):
    note = forms.CharField(
        label="Note", max_length=200, required=False, help_text="What changed. Only your colleagues see it."
    )


class PlanForm(forms.Form):
    """When to publish. The time is read in `zone`, which the browser fills in."""

    prefix = "plan"
    at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Choose a day and a time."},
    )
    zone = forms.CharField(max_length=64, widget=forms.HiddenInput, initial="UTC")
    note = forms.CharField(
        label="Note", max_length=200, required=False, help_text="What changed. Only your colleagues see it."
    )

    def full_clean(self) -> None:
        with timezone.override(self._zone() or UTC):
            super().full_clean()

    def clean_zone(self) -> str:
        zone = self._zone()
        if zone is None:
            raise forms.ValidationError("Your browser’s time zone is not known here.")
        return zone.key

    def _zone(self) -> ZoneInfo | None:
        try:
            return ZoneInfo(self.data.get(self.add_prefix("zone")) or "UTC")
        except (OSError, ValueError, ZoneInfoNotFoundError):  # OSError: the name of a folder
            return None


class ShareForm(forms.Form):
    period = forms.ChoiceField(
        label="It works for",
        choices=[("hour", "1 hour"), ("day", "1 day"), ("week", "7 days"), ("month", "30 days")],
        initial="day",
    )


class DeleteForm(forms.Form):
    """Deleting is for good, so the widget's name is typed."""

    typed = forms.CharField(
        label="Type the widget's name to delete it", widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.name.strip():
            raise forms.ValidationError(f"This is not the name. Type “{self.name}”.")
        return typed


class DeleteManyForm(forms.Form):
    """As many as are named are typed, so that nobody deletes fifty for one."""

    typed = forms.IntegerField(widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}))

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        self.fields["typed"].label = f"Type {count} to delete {count} widget{'' if count == 1 else 's'}"

    def clean_typed(self) -> int:
        typed: int = self.cleaned_data["typed"]
        if typed != self.count:
            raise forms.ValidationError(f"Type {self.count}: that many are selected.")
        return typed


class CredentialForm(forms.Form):
    """One secret. Blank keeps what is stored; nothing that is stored comes back to the browser."""

    secret = forms.CharField(required=False, max_length=8000, strip=True)
    remove = forms.BooleanField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: CredentialKind) -> None:
        super().__init__(data, prefix=f"credential-{kind.id}")
        self.kind = kind
        secret = self.fields["secret"]
        attributes = {"autocomplete": "off", "spellcheck": "false", "data-kind": kind.id, "data-label": kind.label}
        secret.widget = (
            forms.Textarea(attributes | {"rows": 3})
            if kind.multiline
            else forms.PasswordInput(attributes | {"autocomplete": "new-password"})
        )
        secret.label, secret.help_text = kind.label, kind.help
        self.fields["remove"].label = f"Remove “{kind.label}”"

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if secret:
            try:
                self.kind.check(secret)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from None
        return secret


class InstallForm(forms.Form):
    """How the chat is put on a site; what is left out is the default."""

    mode = forms.TypedChoiceField(
        label="Show it as",
        choices=[(mode.value, mode.label) for mode in Mode],
        coerce=Mode,
        empty_value=Mode.POPUP,
        required=False,
    )
    target = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_-]{0,39}$",
        label="Id of the element",
        required=False,
        help_text="The element of your page that the chat fills. Empty: chat.",
        error_messages={"invalid": "Begin with a letter; then letters, digits, hyphens and underscores."},
    )
    height = forms.IntegerField(
        label="Height",
        required=False,
        min_value=200,
        max_value=2000,
        help_text="In pixels. Empty: the height of the chat’s window.",
    )

    def options(self) -> Options:
        """The defaults, where something is wrong with what was typed."""
        if not self.is_valid():
            mode = self.data.get("mode", "")
            return Options(Mode(mode) if mode in set(Mode) else Mode.POPUP)
        facts = self.cleaned_data
        return Options(facts["mode"], facts["target"] or "chat", facts["height"])


class LookForm(forms.Form):
    """A page of the site, on a domain that the licence allows."""

    address = forms.CharField(label="Address of the page", max_length=500, help_text="On one of the domains below.")

    def __init__(self, *args: Any, rules: RuleSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules

    def clean_address(self) -> str:
        try:
            address = address_of(self.cleaned_data["address"])
        except ValueError:
            raise forms.ValidationError("Enter an address, such as https://shop.example.com/.") from None
        if is_local(address) and not outbound.is_exempt(address):
            raise forms.ValidationError("Our server sees no page on your own computer. Enter one on the internet.")
        if self.rules.check(origin_of(address)):
            raise forms.ValidationError("This is on none of the allowed domains: the chat does not appear there.")
        return address
