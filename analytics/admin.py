from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from analytics.models import DailyEventCount, Incident, SeenOrigin, Sighting


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


@admin.register(SeenOrigin)
class SeenOriginAdmin(ReadOnlyAdmin):
    list_display = ("origin", "license", "organization", "count", "first_at", "last_at", "dismissed")
    list_filter = ("dismissed", "last_at")
    list_select_related = ("license", "organization")
    search_fields = ("origin", "license__public_id", "organization__public_id")


@admin.register(Sighting)
class SightingAdmin(ReadOnlyAdmin):
    list_display = ("origin", "widget", "organization", "version", "day", "loads", "last_at")
    list_filter = ("last_at",)
    list_select_related = ("widget", "organization")
    search_fields = ("origin", "widget__public_id", "organization__public_id")
