from typing import Any

from celery import shared_task
from django.utils import timezone

from chatkit_sessions.cancelling import cancel_stopped_sessions, delete_old_sessions


@shared_task(name="chatkit_sessions.cancel_stopped", ignore_result=True)
def cancel_stopped(**kwargs: Any) -> None:
    cancel_stopped_sessions(now=timezone.now())


@shared_task(name="chatkit_sessions.delete_old", ignore_result=True)
def delete_old(**kwargs: Any) -> None:
    delete_old_sessions(now=timezone.now())
