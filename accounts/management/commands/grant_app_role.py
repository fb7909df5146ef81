from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.database_role import RoleRefused, grant, statements


class Command(BaseCommand):
    help = (
        "Lets a PostgreSQL role do what the application needs, and nothing to the audit log but reading and adding. "
        "Run it as the owner of the tables, after each migration."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")
        parser.add_argument("--sql", action="store_true", help="only print the statements")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        try:
            if options["sql"]:
                self.stdout.write("\n".join(f"{statement};" for statement in statements(options["role"])))
            else:
                grant(options["role"])
                self.stdout.write(f"{options['role']} may run the application.")
        except RoleRefused as error:
            raise CommandError(str(error)) from None
