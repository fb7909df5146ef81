from typing import Any

from celery import shared_task
from django.utils import timezone

from accounts import delivering, idempotency, webhooks


@shared_task(name="accounts.deliver_webhooks", ignore_result=True)
def deliver_webhooks(**kwargs: Any) -> None:
    delivering.deliver_due(now=timezone.now())


@shared_task(name="accounts.delete_old", ignore_result=True)
def delete_old(**kwargs: Any) -> None:
    now = timezone.now()
    idempotency.delete_old(now=now)
    webhooks.delete_old(now=now)
