"""PostgreSQL: the application as a role of its own, which owns nothing and cannot touch a line of the audit log."""

import re
from collections.abc import Iterator
from typing import Final

from django.db import connection, transaction

from accounts.models import AuditEvent

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_ROWS: Final = "SELECT, INSERT, UPDATE, DELETE"


class RoleRefused(ValueError):
    """This role cannot be the application's; the text says why."""


def statements(role: str) -> Iterator[str]:
    """The SQL for the owner of the tables. Raises RoleRefused for what is no plain name."""
    if not _NAME.fullmatch(role):
        raise RoleRefused("Name a role in lower case letters, digits and underscores.")
    log = connection.ops.quote_name(AuditEvent._meta.db_table)
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT {_ROWS} ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    yield f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {_ROWS} ON TABLES TO "{role}"'
    yield f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{role}"'
    yield f'REVOKE UPDATE, DELETE, TRUNCATE ON {log} FROM "{role}"'


@transaction.atomic
def grant(role: str) -> None:
    """As the owner of the tables; again after each migration does no harm. Raises RoleRefused."""
    sql = list(statements(role))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise RoleRefused(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '…'")
        cursor.execute(
            "SELECT pg_has_role(%s, tableowner, 'MEMBER') FROM pg_tables WHERE tablename = %s",
            [role, AuditEvent._meta.db_table],
        )
        if found[0] or cursor.fetchone()[0]:
            raise RoleRefused(f"{role} is a superuser or owns the tables: nothing can be kept from it.")
        for statement in sql:
            cursor.execute(statement)
