from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from licenses.services import TrialRefused, begin_trial, may_begin


class BeginForm(forms.Form):
    name = forms.CharField(
        label="Name of your organization",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )


def begin(request: HttpRequest) -> HttpResponse:
    """What comes after open sign-up: the organization gets its name."""
    person = cast(User, request.user)
    if not may_begin(person):
        return redirect("accounts:organizations")
    form = BeginForm(request.POST or None)
    if form.is_valid():
        try:
            organization = begin_trial(actor=person, name=form.cleaned_data["name"], now=timezone.now())
        except TrialRefused:
            return redirect("accounts:home")
        return redirect("accounts:enter", slug=organization.slug)
    return render(request, "licenses/begin.html", {"form": form}, status=422 if form.errors else 200)
