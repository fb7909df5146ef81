from django import forms

from licenses.domains import Rule, parse_many


class DomainsForm(forms.Form):
    domains = forms.CharField(
        label="Domains",
        max_length=20_000,
        help_text="One a line, or separated by commas: example.com, *.example.com. Whole addresses are cut down.",
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def parsed(self) -> tuple[list[Rule], list[tuple[str, str]]]:
        return parse_many(self.cleaned_data["domains"])
