from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.checks import register_all  # noqa: PLC0415  checks read the settings, which are complete only now

        register_all()
