"""The closed lists of what a plan limits and grants."""

from enum import StrEnum

UNLIMITED = -1


class Metric(StrEnum):
    WIDGETS = "widgets"
    DOMAINS = "domains"
    SESSIONS_DAY = "sessions_day"
    SESSIONS_MONTH = "sessions_month"
    MESSAGES_MONTH = "messages_month"
    UPLOAD_MB = "upload_mb"


class Feature(StrEnum):
    N8N = "n8n"
    CHATKIT = "chatkit"
    CUSTOM_BACKEND = "custom_backend"
    FILE_UPLOAD = "file_upload"
    IDENTIFIED_USERS = "identified_users"
    REMOVE_BRANDING = "remove_branding"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Feature.N8N: "n8n widgets",
    Feature.CHATKIT: "ChatKit widgets",
    Feature.CUSTOM_BACKEND: "a ChatKit server of your own",
    Feature.FILE_UPLOAD: "file upload",
    Feature.IDENTIFIED_USERS: "identified visitors",
    Feature.REMOVE_BRANDING: "branding removal",
}
