"""The rows of live upstream sessions, written behind the answer in batches: the visitor does not wait for them."""

from django.db import transaction

from chatkit_sessions.models import ChatKitSession
from core.batch import BatchWriter, each_alone


@each_alone
@transaction.atomic
def write_sessions(rows: list[ChatKitSession]) -> None:
    ChatKitSession.objects.bulk_create(rows, ignore_conflicts=True)


writer: BatchWriter[ChatKitSession] = BatchWriter(write_sessions, max_delay=0.2)
