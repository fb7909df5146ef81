from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from widgets.reference import reference
from widgets.types import all_types

PAGE = "docs/options.md"


class Command(BaseCommand):
    help = f"Write {PAGE}, the options of every widget type, from their declarations."

    def handle(self, *args: Any, **options: Any) -> None:
        (Path(settings.BASE_DIR) / PAGE).write_text(reference(all_types().values()))
