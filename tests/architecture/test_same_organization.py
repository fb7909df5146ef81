"""PostgreSQL itself refuses a reference across organizations, for every tenant table that refers to another."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models

from accounts.models import Organization
from tests.build import make_license, make_organization, make_widget
from widgets.models import Widget

OURS = ("accounts", "licenses", "widgets", "analytics", "embed", "chatkit_sessions")
# The reference is to a version of the widget itself, and only publish_widget sets it.
EXEMPT = {("widgets_widget", "published_id")}


def tenant_references() -> set[tuple[str, str]]:
    """(table, column) of every foreign key between two tables that both belong to an organization."""
    found = set()
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models()):
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and _is_tenant(model) and _is_tenant(field.related_model):
                found.add((model._meta.db_table, field.column))
    return found - EXEMPT


def _is_tenant(model: type[models.Model]) -> bool:
    return model is not Organization and any(field.name == "organization" for field in model._meta.get_fields())


@pytest.mark.postgres
@pytest.mark.django_db
def test_every_tenant_reference_has_its_composite_key() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2")
        present = {name for (name,) in cursor.fetchall()}

    assert present == {f"{table}_{column}_same_org" for table, column in tenant_references()}


@pytest.mark.postgres
@pytest.mark.django_db
def test_widget_cannot_move_to_anothers_licence() -> None:
    widget = make_widget(make_license(make_organization("Alice's")))
    charlies = make_license(make_organization("Charlie's"))

    Widget.objects.filter(pk=widget.pk).update(license=charlies)
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
