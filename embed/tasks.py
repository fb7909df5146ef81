from typing import Any

from celery import shared_task
from django.utils import timezone

from embed.reconcile import reconcile


@shared_task(name="embed.reconcile", ignore_result=True)
def reconcile_counters(**kwargs: Any) -> None:
    reconcile(now=timezone.now())
