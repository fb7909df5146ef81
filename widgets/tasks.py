from typing import Any

from celery import shared_task
from django.utils import timezone

from widgets.planning import publish_due


@shared_task(name="widgets.publish_planned", ignore_result=True)
def publish_planned(**kwargs: Any) -> None:
    publish_due(now=timezone.now())
