from typing import Any

from celery import shared_task
from django.utils import timezone

from licenses import reminders


@shared_task(name="licenses.remind", ignore_result=True)
def remind(**kwargs: Any) -> None:
    now = timezone.now()
    reminders.note_due(now=now)
    reminders.send_reminders(now=now)


@shared_task(name="licenses.send_quota_warnings", ignore_result=True)
def send_quota_warnings(**kwargs: Any) -> None:
    reminders.send_quota_warnings(now=timezone.now())
