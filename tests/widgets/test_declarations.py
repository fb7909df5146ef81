"""What holds of every field that a type declares: it says what it does, and it keeps its limits."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from widgets.services import InvalidConfiguration, validated
from widgets.types import all_types

PARTS = {
    f"{kind.id} {part}": getattr(kind, part)
    for kind in all_types().values()
    for part in ("connection", "configuration")
}


def fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """(path, declaration); `[]` is an entry of a list, which stands before what is in it."""
    root = model.model_json_schema()
    return _below(root, root, "")


def _below(root: Any, schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, prop in schema["properties"].items():
        inner = prop.get("items", prop)
        if "$ref" not in prop:
            yield path + name, prop
        if "$ref" in inner:
            entry = "." if inner is prop else "[]."
            yield from _below(root, root["$defs"][inner["$ref"].rpartition("/")[2]], path + name + entry)


def ends(prop: Any) -> Iterator[tuple[Any, str]]:
    """A value just beyond each end, and what is said of it."""
    if "minimum" in prop:
        yield prop["minimum"] - 1, f"The least is {prop['minimum']}."
        yield prop["maximum"] + 1, f"The most is {prop['maximum']}."
    if "maxLength" in prop:
        yield "1" * (prop["maxLength"] + 1), f"Use at most {prop['maxLength']} characters."
    if prop.get("minLength") and "enum" not in prop:
        yield "", "Fill this in."
    if "maxItems" in prop:
        entry = {} if "$ref" in prop["items"] else "/a"
        yield [entry] * (prop["maxItems"] + 1), f"Use at most {prop['maxItems']}."
    if "minItems" in prop:
        yield [], f"Add at least {prop['minItems']}."
    if choices := [choice for choice in prop.get("enum", []) if isinstance(choice, int)]:
        told = f"Choose one of {', '.join(map(str, choices[:-1]))} or {choices[-1]}."
        yield from ((min(choices) - 1, told), (max(choices) + 1, told))


def said_of(model: type[BaseModel], path: str, value: Any) -> str:
    """What is wrong with this value at this place, in an entry of its own where it stands in a list."""
    data = value
    for name in reversed(path.split(".")):
        data = {name.removesuffix("[]"): [data] if name.endswith("[]") else data}
    try:
        validated(model, data)
    except InvalidConfiguration as error:
        return error.errors.get(path.replace("[]", ".0"), "")
    return ""


@pytest.mark.parametrize("part", PARTS)
def test_every_field_says_what_it_does(part):
    """But for a text in another language: it stands beside the one that says it."""
    known = ((path, prop) for path, prop in fields(PARTS[part]) if not path.startswith("translations[]."))
    assert [path for path, prop in known if not prop.get("description")] == []


@pytest.mark.parametrize("part", PARTS)
def test_nothing_beyond_a_limit_is_taken(part):
    model = PARTS[part]
    tried = [(path, value, told) for path, prop in fields(model) for value, told in ends(prop)]
    assert tried
    assert [(path, said, told) for path, value, told in tried if (said := said_of(model, path, value)) != told] == []


@pytest.mark.parametrize("part", PARTS)
def test_the_limits_themselves_are_taken(part):
    model = PARTS[part]
    numbers = [(path, prop[end]) for path, prop in fields(model) for end in ("minimum", "maximum") if end in prop]
    assert [(path, value) for path, value in numbers if said_of(model, path, value)] == []


@pytest.mark.parametrize("part", PARTS)
def test_what_a_field_depends_on_stands_beside_it_and_takes_these_values(part):
    known = dict(fields(PARTS[part]))
    for path, prop in known.items():
        for name, values in prop.get("when", {}).items():
            beside = known[f"{path.rpartition('.')[0]}.{name}".lstrip(".")]
            assert set(values) < set(beside.get("enum", [True, False])), path


@pytest.mark.parametrize("kind", all_types().values(), ids=lambda kind: kind.id)
def test_what_a_secret_depends_on_is_of_the_connection(kind):
    known = dict(fields(kind.connection))
    for secret in kind.credentials:
        for name, values in secret.when.items():
            assert set(values) < set(known[name]["enum"]), secret.id
