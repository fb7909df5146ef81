from typing import Any

from django import forms

from accounts.logos import UPLOAD_MAX, BadLogo, Logo, read_logo

_COLOUR = {"maxlength": "7", "spellcheck": "false", "autocomplete": "off", "placeholder": "#0f766e"}


class BrandForm(forms.Form):
    """The fields of accounts.look.Look, which validates them, and the logo."""

    name = forms.CharField(
        required=False, max_length=80, help_text="Stands in place of ours on every page, in the mails and in titles."
    )
    logo = forms.FileField(
        required=False,
        help_text="PNG, JPEG or WebP; SVG is not accepted. Shown 28 pixels high; one that is wide replaces the name.",
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(required=False, label="Remove the logo")
    accent = forms.CharField(
        required=False,
        label="Colour",
        help_text="Of buttons and links, such as #0f766e.",
        widget=forms.TextInput(_COLOUR),
    )
    accent_dark = forms.CharField(
        required=False,
        label="Colour on dark pages",
        help_text="Left empty, the colour is made lighter there.",
        widget=forms.TextInput(_COLOUR | {"placeholder": ""}),
    )
    support_link = forms.CharField(
        required=False, max_length=500, label="Support", help_text="A web address or an e-mail address."
    )
    mail_name = forms.CharField(
        required=False, max_length=80, label="Sender of mails", help_text="Left empty, the name above."
    )
    mail_reply_to = forms.CharField(
        required=False, max_length=254, label="Replies go to", widget=forms.EmailInput({"autocomplete": "off"})
    )
    hide_powered_by = forms.BooleanField(
        required=False,
        label="Hide “Powered by” in chats",
        help_text="For licences whose plan allows it.",
        widget=forms.CheckboxInput({"role": "switch"}),
    )

    picture: Logo | None = None

    def clean_accent(self) -> str:
        return _colour(self.cleaned_data["accent"])

    def clean_accent_dark(self) -> str:
        return _colour(self.cleaned_data["accent_dark"])

    def clean_logo(self) -> None:
        upload = self.cleaned_data["logo"]
        if upload is None:
            return
        try:
            self.picture = read_logo(upload.read(UPLOAD_MAX + 1))
        except BadLogo as bad:
            raise forms.ValidationError(str(bad)) from None

    @property
    def colours(self) -> list[forms.BoundField]:
        return [self["accent"], self["accent_dark"]]

    def look(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("logo", "remove_logo")}

    def refuse(self, errors: dict[str, str]) -> None:
        for name, text in errors.items():
            self.add_error(name, _WORDS.get(name, text))


_WORDS = {
    "accent": "Give a colour such as #0f766e.",
    "accent_dark": "Give a colour such as #0f766e.",
    "mail_name": "Leave out quotes and angle brackets.",
}


def _colour(text: str) -> str:
    """As people paste it: in capitals, or without the #."""
    text = text.strip().lower()
    return f"#{text}" if text and not text.startswith("#") else text


class HostForm(forms.Form):
    host = forms.CharField(
        label="Host name",
        max_length=253,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )
