import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chatdock")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """A receiver is enough: Celery then leaves settings.LOGGING alone."""


@worker_init.connect
@beat_init.connect
def make_broker_folders(**_: Any) -> None:
    """The file-system broker expects its folders to exist."""
    for folder in app.conf.broker_transport_options.values():
        if isinstance(folder, str):
            Path(folder).mkdir(parents=True, exist_ok=True)
