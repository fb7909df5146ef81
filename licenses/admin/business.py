"""The operators' view of what the business runs on."""

from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from licenses.models import PoolCounter, QuotaWarning, Reminder, Renewal, ResellerAccount


@admin.register(ResellerAccount)
class ResellerAccountAdmin(ReadOnlyAdmin):
    list_display = ("organization", "mode", "pool", "created_at")
    list_filter = ("mode",)
    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__public_id")


@admin.register(PoolCounter)
class PoolCounterAdmin(ReadOnlyAdmin):
    list_display = ("organization", "period_start", "used")
    list_select_related = ("organization",)
    search_fields = ("organization__name",)


@admin.register(Renewal)
class RenewalAdmin(ReadOnlyAdmin):
    list_display = ("license", "expires_at", "created_at")
    list_select_related = ("license",)
    search_fields = ("license__public_id",)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("license", "kind", "expires_at", "created_at", "mailed_at")
    list_filter = ("kind", ("mailed_at", admin.EmptyFieldListFilter))
    list_select_related = ("license",)
    search_fields = ("license__public_id", "organization__name")


@admin.register(QuotaWarning)
class QuotaWarningAdmin(ReadOnlyAdmin):
    list_display = ("license", "metric", "percent", "period_start", "mailed_at")
    list_filter = ("metric", "percent")
    list_select_related = ("license",)
    search_fields = ("license__public_id", "organization__name")
