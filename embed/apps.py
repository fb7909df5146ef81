from django.apps import AppConfig


class EmbedConfig(AppConfig):
    name = "embed"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import bus  # noqa: PLC0415 (settings must be ready)
        from embed.snapshots import cache  # noqa: PLC0415

        bus.subscribe(cache.forget)
