from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from analytics.models import DailyEventCount, Incident


@admin.register(DailyEventCount)
class DailyEventCountAdmin(ReadOnlyAdmin):
    list_display = ("day", "name", "code", "count", "widget", "organization")
    list_filter = ("name", "code", "day")
    list_select_related = ("widget", "organization")
    search_fields = ("widget__public_id", "organization__public_id")


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    list_display = ("code", "widget", "organization", "count", "first_at", "last_at")
    list_filter = ("code", "last_at")
    list_select_related = ("widget", "organization")
    search_fields = ("code", "widget__public_id", "organization__public_id")
