from typing import Any

from django.core.management.base import BaseCommand

from widgets.rotation import rotate, rows_by_key


class Command(BaseCommand):
    help = "Brings all sealed values under the first key of SEALING_KEYS. May be stopped and run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rotate()} values were brought under the active key.")
        for key, count in sorted(rows_by_key().items()):
            self.stdout.write(f"{key}: {count}")
