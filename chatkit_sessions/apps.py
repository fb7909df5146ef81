from django.apps import AppConfig


class ChatkitSessionsConfig(AppConfig):
    name = "chatkit_sessions"
    default_auto_field = "django.db.models.BigAutoField"
