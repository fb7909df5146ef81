"""Whatever can be stored comes through the form and a file unchanged, and the other side takes it."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings

from tests.configurations import configurations
from widgets.configform import ConfigForm, Group, Input, Rows, read
from widgets.editions import export_widget, read_export
from widgets.models import Widget
from widgets.types import get_type
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.languages import languages_of, localized

SCHEMA = json.loads((Path(__file__).parent.parent / "fakes/element/options.schema.json").read_text())
PATIENT = settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
CONNECTIONS = {
    "n8n": [get_type("n8n").connection()],
    "chatkit": [ChatKitConnection(backend=backend) for backend in ("hosted", "custom")],
}


def sent(item: Input | Group | Rows, data: QueryDict) -> QueryDict:
    """As a browser sends the form's controls."""
    if isinstance(item, Group):
        for child in item.items:
            sent(child, data)
    elif isinstance(item, Rows):
        for row in item.rows:
            data.appendlist(f"{item.name}.rows", row.label)
            sent(row, data)
    elif item.control != "switch" or item.value:
        data[item.name] = item.value.replace("\n", "\r\n")
    return data


def without_empty_lines(value: Any) -> Any:
    """An empty line is no line."""
    if isinstance(value, dict):
        return {name: without_empty_lines(part) for name, part in value.items()}
    if isinstance(value, list):
        return [without_empty_lines(part) for part in value if part != ""]
    return value


@pytest.mark.parametrize("type_id", CONNECTIONS)
def test_any_configuration_goes_all_the_way(type_id: str) -> None:
    kind, validator = get_type(type_id), jsonschema.Draft202012Validator(SCHEMA)

    @PATIENT
    @given(configurations(type_id))
    def check(configuration: Any) -> None:
        values = configuration.model_dump(mode="json")
        data = sent(ConfigForm(kind.configuration, values).root, QueryDict(mutable=True))
        typed = kind.configuration.model_validate(read(kind.configuration, data))
        values = without_empty_lines(values)
        assert typed.model_dump(mode="json") == values
        widget = Widget(widget_type=type_id, name="Helper", draft=values)
        assert read_export(widget, export_widget(widget)) == values
        assert kind.refused(typed) == {}
        for language, connection in product(languages_of(typed), CONNECTIONS[type_id]):
            config = json.loads(json.dumps(kind.frame_config(localized(typed, language), connection)))
            assert [error.message for error in validator.iter_errors(config.get("options", {}))] == []

    check()
