from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Listed as an app for its management commands only."""

    name = "config"
