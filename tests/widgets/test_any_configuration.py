"""Whatever can be stored comes through the form unchanged, and ChatKit takes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from tests.configurations import configurations
from widgets.configform import ConfigForm, Group, Input, Rows, read
from widgets.types import get_type
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options

SCHEMA = json.loads((Path(__file__).parent.parent / "fakes/element/options.schema.json").read_text())
PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


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


@pytest.mark.parametrize("type_id", ["n8n", "chatkit"])
def test_form_brings_back_what_it_was_given(type_id: str) -> None:
    model = get_type(type_id).configuration

    @PATIENT
    @given(configurations(type_id))
    def check(configuration: Any) -> None:
        values = configuration.model_dump(mode="json")
        data = sent(ConfigForm(model, values).root, QueryDict(mutable=True))
        again = model.model_validate(read(model, data)).model_dump(mode="json")
        lines = {"texts": {"greeting": [line for line in values.get("texts", {}).get("greeting", []) if line]}}
        if type_id == "n8n":  # an empty line is no line
            values["texts"] |= lines["texts"]
        assert again == values

    check()


@pytest.mark.parametrize("backend", ["hosted", "custom"])
def test_any_chatkit_configuration_is_accepted_by_the_schema(backend: str) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)

    @PATIENT
    @given(configurations("chatkit"))
    def check(configuration: Any) -> None:
        connection = ChatKitConnection(backend=backend, file_upload=True)
        options = json.loads(json.dumps(chatkit_options(configuration, connection)))
        assert [error.message for error in validator.iter_errors(options)] == []

    check()
