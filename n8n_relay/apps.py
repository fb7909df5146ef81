from django.apps import AppConfig


class N8nRelayConfig(AppConfig):
    name = "n8n_relay"
    default_auto_field = "django.db.models.BigAutoField"
