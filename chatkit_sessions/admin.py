from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from chatkit_sessions.models import ChatKitSession


@admin.register(ChatKitSession)
class ChatKitSessionAdmin(ReadOnlyAdmin):
    list_display = ("upstream_id", "widget", "organization", "created_at", "expires_at", "cancelled_at")
    list_filter = (("cancelled_at", admin.EmptyFieldListFilter), "expires_at")
    list_select_related = ("widget", "organization")
    search_fields = ("upstream_id", "widget__public_id", "organization__public_id")
