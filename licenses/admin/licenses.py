from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import actor_of
from accounts.readonly import AddThroughServiceAdmin, ReadOnlyAdmin
from licenses.entitlements import Feature, Metric
from licenses.models import DomainRule, License, Plan, UsageCounter
from licenses.services import (
    InvalidTerms,
    NotAllowed,
    create_plan,
    issue_license,
    reinstate_license,
    revoke_license,
    suspend_license,
)
from licenses.wording import in_words


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Plan
        fields = ("code", "name", "limits", "features")
        help_texts = {
            "code": "A code that exists makes a new version of that plan.",
            "limits": f"Metric to number; -1 is unlimited, a missing one is 0: {', '.join(Metric)}.",
            "features": f"A list of: {', '.join(Feature)}.",
        }

    def clean_limits(self) -> dict[str, int]:
        limits = self.cleaned_data["limits"]
        if not isinstance(limits, dict) or not set(limits) <= set(Metric) or not all(map(_is_limit, limits.values())):
            raise forms.ValidationError(f"Write metrics with whole numbers: {', '.join(Metric)}.")
        return limits

    def clean_features(self) -> list[str]:
        features = self.cleaned_data["features"]
        if not isinstance(features, list) or not set(map(str, features)) <= set(Feature):
            raise forms.ValidationError(f"Write a list of: {', '.join(Feature)}.")
        return features


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= -1


@admin.register(Plan)
class PlanAdmin(AddThroughServiceAdmin):
    add_form = PlanForm
    add_fields = ("code", "name", "limits", "features")
    list_display = ("name", "code", "version", "public_id", "created_at")
    list_filter = ("code",)
    search_fields = ("name", "code", "public_id")

    def add(self, request: HttpRequest, values: dict[str, Any]) -> Plan:
        """Of a code that exists a new version, which keeps what the form does not ask."""
        unasked = ("grace_days", "duration_days", "renewal")
        kept = Plan.objects.newest().filter(code=values["code"]).values(*unasked).first() or {}
        return create_plan(actor=actor_of(request), **values, **kept)


class ReasonForm(ActionForm):
    reason = forms.CharField(required=False, max_length=200)


@admin.register(License)
class LicenseAdmin(AddThroughServiceAdmin):
    action_form = ReasonForm
    add_fields = ("organization", "plan", "starts_at", "expires_at", "allow_localhost")
    refusals = (InvalidTerms, NotAllowed)
    list_display = ("public_id", "organization", "plan", "state", "starts_at", "expires_at")
    list_filter = (
        ("suspended_at", admin.EmptyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
        "plan__code",
        "expires_at",
    )
    list_select_related = ("organization__parent", "plan")
    search_fields = ("public_id", "organization__name", "organization__public_id")
    actions = ("suspend", "reinstate", "revoke")

    @admin.display(description="State")
    def state(self, license: License) -> str:
        return in_words(license, timezone.now()).word

    def add(self, request: HttpRequest, values: dict[str, Any]) -> License:
        return issue_license(actor=actor_of(request), **values)

    @admin.action(description="Suspend (with a reason)", permissions=["add"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[License]) -> None:
        def suspend(license: License, reason: str) -> None:
            suspend_license(
                actor=actor_of(request),
                license=license,
                level=License.Level.PLATFORM,
                reason=reason,
                now=timezone.now(),
            )

        self._each(request, queryset, suspend)

    @admin.action(description="Reinstate", permissions=["add"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[License]) -> None:
        def reinstate(license: License, reason: str) -> None:
            reinstate_license(actor=actor_of(request), license=license, level=License.Level.PLATFORM)

        self._each(request, queryset, reinstate, needs_reason=False)

    @admin.action(description="Revoke for good (with a reason)", permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[License]) -> None:
        def revoke(license: License, reason: str) -> None:
            revoke_license(actor=actor_of(request), license=license, reason=reason, now=timezone.now())

        self._each(request, queryset, revoke)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[License],
        deed: Callable[[License, str], None],
        *,
        needs_reason: bool = True,
    ) -> None:
        reason = request.POST.get("reason", "").strip()
        if needs_reason and not reason:
            self.message_user(request, "Write a reason: it is kept, and shown to the customer.", messages.ERROR)
            return
        for license in queryset:
            try:
                deed(license, reason)
            except NotAllowed as error:
                self.message_user(request, f"{license}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{license}: done.")


@admin.register(DomainRule)
class DomainRuleAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "license", "organization", "created_at")
    list_filter = ("wildcard",)
    list_select_related = ("license", "organization")
    search_fields = ("host", "license__public_id", "organization__public_id")


@admin.register(UsageCounter)
class UsageCounterAdmin(ReadOnlyAdmin):
    list_display = ("license", "organization", "metric", "period_start", "used")
    list_filter = ("metric", "period_start")
    list_select_related = ("license", "organization")
    search_fields = ("license__public_id", "organization__public_id")
