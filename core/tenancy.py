"""PostgreSQL refuses a row of one organization that points at a row of another.

Django's foreign keys look at one column; these look at the pair. Elsewhere (SQLite) the services are what holds it.
"""

from typing import Any

from django.db.migrations.operations import RunPython


def same_organization(table: str, column: str, parent: str) -> RunPython:
    """A composite foreign key (organization_id, column) → parent (organization_id, id), for a migration."""
    name = f"{table}_{column}_same_org"
    add = (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (organization_id, "{column}") '
        f'REFERENCES "{parent}" (organization_id, id) DEFERRABLE INITIALLY DEFERRED'
    )
    return on_postgres(add, f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')


def on_postgres(sql: str, reverse: str) -> RunPython:
    """For a migration: a statement that other databases do not know and do without."""
    return RunPython(_on_postgres(sql), _on_postgres(reverse))


def _on_postgres(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run
