from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.audit import delete_before


class Command(BaseCommand):
    help = "Deletes audit lines older than so many days, as the owner of the tables. Nothing else can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        count = delete_before(timezone.now() - timedelta(days=options["days"]))
        self.stdout.write(f"{count} lines are deleted.")
