from typing import Any

from celery import shared_task
from django.utils import timezone

from widgets.planning import publish_due
from widgets.services import purge_deleted_widgets


@shared_task(name="widgets.purge_deleted", ignore_result=True)
def purge_deleted(**kwargs: Any) -> None:
    purge_deleted_widgets(now=timezone.now())


@shared_task(name="widgets.publish_planned", ignore_result=True)
def publish_planned(**kwargs: Any) -> None:
    publish_due(now=timezone.now())
