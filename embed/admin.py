from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from embed.models import VisitorSession


@admin.register(VisitorSession)
class VisitorSessionAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "widget", "license", "organization", "origin", "identified", "started_at")
    list_filter = ("identified", "evidence", "started_at")
    list_select_related = ("widget", "license", "organization")
    search_fields = ("public_id", "origin", "widget__public_id", "license__public_id", "organization__public_id")
