from django.apps import apps

from tests.architecture import FLOORS

LEVEL = {app: level for level, floor in enumerate(FLOORS) for app in floor}


def test_relations_point_to_the_same_floor_or_down():
    """A relation by name passes every import linter."""
    upward = [
        f"{field} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and (here := LEVEL.get(model._meta.app_label)) is not None
        and (there := LEVEL.get(field.related_model._meta.app_label)) is not None
        and (there < here or (there == here and model._meta.app_label != field.related_model._meta.app_label))
    ]
    assert upward == []
