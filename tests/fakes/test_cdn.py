import json

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.fakes import cdn


@pytest.mark.parametrize("path", ["/cdn/chatkit.js", "/cdn/deployments/chatkit/chatkit.js"])
def test_element_is_a_classic_script_for_any_origin(http: httpx.Client, path: str) -> None:
    answer = http.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert [line for line in answer.text.splitlines() if line.startswith(("import ", "export "))] == []


def test_every_module_of_the_element_is_joined_once() -> None:
    modules = {path.name for path in cdn.ELEMENT.iterdir()}
    parts: dict[str, str] = {}

    cdn._collect("element.js", parts)

    assert set(parts) == modules
    assert list(parts)[-1] == "element.js"


def test_script_can_be_made_to_fail(http: httpx.Client) -> None:
    http.post("/_control/behave", json={"fake": "cdn", "do": "404", "times": 1})

    assert [http.get("/cdn/chatkit.js").status_code for _ in range(2)] == [404, 200]


def test_schema_is_served_and_refuses_unknown_keys(http: httpx.Client) -> None:
    schema = http.get("/cdn/options.schema.json").json()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    assert schema == json.loads(cdn.SCHEMA.read_text())
    assert validator.is_valid({"theme": {"radius": "round"}, "disclaimer": {"text": "a"}})
    assert not validator.is_valid({"theme": {"primaryColor": "red"}})
