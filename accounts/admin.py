from functools import wraps
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts.brand_models import Brand, Hostname
from accounts.decorators import View
from accounts.forms.people import NewUserForm
from accounts.guest_models import ActingSession, Invitation
from accounts.mfa import has_second_factor, remove_factors
from accounts.models import (
    ApiToken,
    AuditEvent,
    DelegationGrant,
    IdempotentAnswer,
    Membership,
    Organization,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)
from accounts.people import facts_of, tell_changed, tell_new_password
from accounts.permissions import Role
from accounts.readonly import AddThroughServiceAdmin, ReadOnlyAdmin
from accounts.services import (
    InvalidParent,
    add_member,
    create_organization,
    record,
    reinstate_organization,
    suspend_organization,
)

admin.site.site_header = admin.site.site_title = "Chatdock"
admin.site.index_title = "Operators’ admin"
admin.site.unregister(Group)  # what people may do comes from their memberships
# How people log in is theirs: an operator sees no sealed factor, and makes no address count.
admin.site.unregister([EmailAddress, Authenticator, UserSession])


def _admin_view(view: View, cacheable: bool = False) -> View:
    """For operators with a second factor. Django's admin brings jQuery, which Trusted Types stop; the rest of the
    policy stays."""
    guarded = admin.AdminSite.admin_view(admin.site, view, cacheable)
    opened = csp_replace({"require-trusted-types-for": None})(guarded)

    @wraps(opened)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.MFA_REQUIRED and request.user.is_staff and not has_second_factor(actor_of(request)):
            messages.warning(request, "Operators need a second factor. Set one up to go on.")
            return redirect("mfa_index")
        return opened(request, *args, **kwargs)

    return behind


admin.site.admin_view = _admin_view  # type: ignore[method-assign, assignment]


def actor_of(request: HttpRequest) -> User:
    return cast(User, request.user)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("email", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    actions = ("remove_second_factors",)

    @admin.action(description="Remove second factors (they have lost theirs)", permissions=["change"])
    def remove_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            remove_factors(actor=actor_of(request), user=person)
        self.message_user(request, "Removed: a password is enough for them until they set one up again.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        before = facts_of(User.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        if change:
            tell_changed(actor=actor_of(request), person=obj, before=before)
        else:
            record(action="person.added", actor=actor_of(request), organization=None, target=obj.email)

    @method_decorator(sensitive_post_parameters())
    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """It has a form of its own, which no `save_model` sees."""
        before = self.get_object(request, unquote(id))
        response = super().user_change_password(request, id, form_url)
        after = User.objects.filter(pk=before.pk).first() if before else None
        if before and after and after.password != before.password:
            tell_new_password(actor=actor_of(request), person=after)
        return response


@admin.register(Organization)
class OrganizationAdmin(AddThroughServiceAdmin):
    add_fields = ("name", "kind", "parent")
    refusals = (InvalidParent,)
    list_display = ("name", "kind", "parent", "public_id", "suspended_at")
    list_filter = ("kind", ("suspended_at", admin.EmptyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "public_id")
    fields = ("name", "slug", "public_id", "kind", "parent", "suspended_at", "created_at")
    actions = ("suspend", "reinstate")

    def add(self, request: HttpRequest, values: dict[str, Any]) -> Organization:
        return create_organization(actor=actor_of(request), **values)

    @admin.action(description="Suspend", permissions=["add"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Organization]) -> None:
        for organization in queryset:
            suspend_organization(actor=actor_of(request), organization=organization, now=timezone.now())
        self.message_user(request, "Suspended: their widgets stop within seconds.", messages.WARNING)

    @admin.action(description="Reinstate", permissions=["add"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Organization]) -> None:
        for organization in queryset:
            reinstate_organization(actor=actor_of(request), organization=organization)
        self.message_user(request, "Reinstated.")


@admin.register(Membership)
class MembershipAdmin(AddThroughServiceAdmin):
    add_fields = ("organization", "user", "role")
    list_display = ("user", "organization", "role", "created_at", "expires_at")
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "organization__name", "organization__public_id")
    fields = ("organization", "user", "role", "invited_by", "created_at", "expires_at")

    def add(self, request: HttpRequest, values: dict[str, Any]) -> Membership:
        return add_member(
            actor=actor_of(request),
            organization=values["organization"],
            user=values["user"],
            role=Role(values["role"]),
        )


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "target", "actor", "on_behalf_of", "organization", "ip")
    list_filter = ("action", "at")
    list_select_related = ("actor", "organization", "on_behalf_of")
    search_fields = ("target", "actor__email", "organization__name", "organization__public_id", "request_id")


@admin.register(ActingSession)
class ActingSessionAdmin(ReadOnlyAdmin):
    list_display = ("user", "organization", "kind", "reason", "started_at", "expires_at", "ended_at")
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "organization")
    search_fields = ("public_id", "user__email", "organization__name", "organization__public_id")


@admin.register(Brand)
class BrandAdmin(ReadOnlyAdmin):
    list_display = ("organization", "values", "logo_digest")
    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__public_id")
    exclude = ("logo",)


@admin.register(Hostname)
class HostnameAdmin(ReadOnlyAdmin):
    list_display = ("host", "face", "organization", "verified_at")
    list_filter = ("face", ("verified_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("host", "organization__name", "organization__public_id")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "organization", "role", "created_at", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("email", "public_id", "organization__name", "organization__public_id")
    exclude = ("digest",)


@admin.register(DelegationGrant)
class DelegationGrantAdmin(ReadOnlyAdmin):
    list_display = ("organization", "reseller", "scope", "created_at", "expires_at", "revoked_at")
    list_filter = ("scope", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "reseller")
    search_fields = ("public_id", "organization__name", "reseller__name")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "organization", "created_by", "expires_at", "revoked_at", "last_used_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organization", "created_by")
    search_fields = ("public_id", "name", "organization__name", "created_by__email")
    exclude = ("digest",)


@admin.register(IdempotentAnswer)
class IdempotentAnswerAdmin(ReadOnlyAdmin):
    list_display = ("endpoint", "organization", "status", "created_at")
    list_select_related = ("organization",)
    search_fields = ("endpoint", "organization__name")
    exclude = ("sealed_answer", "request_digest")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "organization", "failing_since", "disabled_at", "created_at")
    list_filter = (("disabled_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organization",)
    search_fields = ("public_id", "organization__name")
    exclude = ("url", "sealed_secret")  # an address may be a secret itself


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "event", "organization", "status", "attempts", "response_status", "created_at")
    list_filter = ("status", "event")
    list_select_related = ("organization",)
    search_fields = ("public_id", "event", "organization__name")
