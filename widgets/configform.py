"""A form from the JSON schema of a pydantic model: sections become fieldsets, fields the control that they ask for.

Field names are dotted paths (`theme.accent`, `prompts.0.label`), the same as in error messages and in the API.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel

Schema = dict[str, Any]
LONG = 200  # characters from which a text gets several lines
_BLANK_ROWS = 2  # for browsers without JavaScript


@dataclass
class Input:
    """One control. `value` is text; for a switch "on" or "". `errors` are sentences."""

    name: str
    label: str
    help: str
    control: str
    value: str
    choices: list[tuple[str, str]] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)  # HTML attributes
    errors: list[str] = field(default_factory=list)
    type: str = "text"  # how its text becomes JSON: "text", "boolean", "integer" or "lines"
    may_be_empty: bool = False
    when: str = ""  # JSON: names beside it → the values with which it matters
    only: str = ""  # the same in words
    wide: bool = False
    kind: str = "input"

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-help" if self.help else "", f"{self.id}-error" if self.errors else ""]
        return " ".join(filter(None, parts))


@dataclass
class Group:
    """A section: a fieldset with a heading, or (nested) with a smaller one."""

    name: str
    label: str
    help: str
    items: list["Input | Group | Rows"]
    view: str = ""  # what the preview shows while it is edited
    kind: str = "group"

    @property
    def id(self) -> str:
        own = [item.name for item in self.items] == [self.name]  # made for a list that stands in no section
        return "f-" + self.name.replace(".", "-") + ("-section" if own else "")


@dataclass
class Rows:
    """A list of sub-models. `template`: a row to copy, its index `__index__`; `blanks` serve without JavaScript."""

    name: str
    label: str
    help: str
    rows: list[Group]
    template: Group
    blanks: list[Group]
    most: int
    errors: list[str]
    kind: str = "rows"

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")


class ConfigForm:
    """`values` is what the model dumps, or what `read` gave when it was refused; `errors` maps paths to sentences."""

    def __init__(
        self, model: type[BaseModel], values: Mapping[str, Any], errors: Mapping[str, str] | None = None
    ) -> None:
        self.schema = model.model_json_schema()
        self.errors = dict(errors or {})
        self.root = self._group("", self.schema, values)

    @property
    def loose(self) -> list[Input | Group | Rows]:
        """What stands in no section."""
        return [item for item in self.root.items if item.kind == "input"]

    @property
    def sections(self) -> list[Group]:
        """A list that stands in no section is one of its own."""
        items = (Group(item.name, item.label, "", [item]) if item.kind == "rows" else item for item in self.root.items)
        return [item for item in items if isinstance(item, Group)]

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(id to jump to, label, sentence) for every error, in the order of the page."""
        return [(item.id, item.label, sentence) for item in _walk(self.root) for sentence in item.errors]

    def _group(self, path: str, schema: Schema, values: Any) -> Group:
        values = values if isinstance(values, Mapping) else {}
        items = [
            self._item(_join(path, name), prop, values.get(name, prop.get("default")))
            for name, prop in schema["properties"].items()
        ]
        for item, prop in zip(items, schema["properties"].values(), strict=True):
            if isinstance(item, Input) and "when" in prop:
                item.when, item.only = json.dumps(prop["when"]), _only(prop["when"], schema["properties"])
        return Group(path, schema.get("title", ""), schema.get("description", ""), items)

    def _item(self, path: str, prop: Schema, value: Any) -> Input | Group | Rows:
        if "$ref" in prop:
            group = self._group(path, _resolve(self.schema, prop), value)
            group.label, group.help = prop.get("title", group.label), prop.get("description", "")
            group.view = prop.get("view", "")
            return group
        if _is_rows(prop):
            return self._rows(path, prop, value if isinstance(value, list) else [])
        return self._input(path, prop, value)

    def _rows(self, path: str, prop: Schema, values: list[Any]) -> Rows:
        row = _resolve(self.schema, prop["items"])

        def group(index: int | str, value: Any) -> Group:
            made = self._group(f"{path}.{index}", row, value)
            made.label = str(index)
            return made

        blanks = [group(index, {}) for index in range(len(values), len(values) + _BLANK_ROWS)]
        return Rows(
            path,
            prop.get("title", ""),
            prop.get("description", ""),
            [group(index, value) for index, value in enumerate(values)],
            group("__index__", {}),
            blanks,
            prop.get("maxItems", 100),
            [self.errors[path]] if path in self.errors else [],
        )

    def _input(self, path: str, prop: Schema, value: Any) -> Input:
        return Input(
            path,
            prop.get("title", ""),
            prop.get("description", ""),
            _control(prop),
            _text(value),
            [(str(choice), prop.get("names", {}).get(choice) or _words(choice)) for choice in prop.get("enum", [])],
            prop.get("examples", []),
            _limits(prop),
            list(self._errors(path)),
            _type(prop),
            may_be_empty=prop.get("default") == "" and not prop.get("minLength"),
            wide=prop.get("wide", prop.get("control") == "url"),
        )

    def _errors(self, path: str) -> Iterator[str]:
        for place, sentence in self.errors.items():
            if place == path:
                yield sentence
            elif re.fullmatch(re.escape(path) + r"\.\d+", place):  # a line of a list
                yield f"Line {int(place.rpartition('.')[2]) + 1}: {sentence}"


def read(model: type[BaseModel], data: QueryDict) -> dict[str, Any]:
    """What was sent, in the model's shape and not validated; a row left as it came (blank) is dropped."""
    schema = model.model_json_schema()
    return _read_object(schema, schema, "", data)


def _read_object(root: Schema, schema: Schema, path: str, data: QueryDict) -> dict[str, Any]:
    return {name: _read(root, prop, _join(path, name), data) for name, prop in schema["properties"].items()}


def _read(root: Schema, prop: Schema, path: str, data: QueryDict) -> Any:
    if "$ref" in prop:
        return _read_object(root, _resolve(root, prop), path, data)
    if _is_rows(prop):
        row = _resolve(root, prop["items"])
        rows = [_read_object(root, row, f"{path}.{index}", data) for index in data.getlist(f"{path}.rows")]
        return [values for values in rows if not _is_blank(root, row, values)]
    text = data.get(path, "").replace("\r\n", "\n").strip()
    if prop.get("type") == "array":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if prop.get("type") == "boolean":
        return path in data
    if "enum" in prop:
        return next((choice for choice in prop["enum"] if str(choice) == text), text)
    return int(text) if prop.get("type") == "integer" and re.fullmatch(r"-?\d{1,15}", text) else text


def _is_blank(root: Schema, row: Schema, values: dict[str, Any]) -> bool:
    """A list has no default in a schema."""
    for name, value in values.items():
        prop = _resolve(root, row["properties"][name])
        if isinstance(value, dict):
            if not _is_blank(root, prop, value):
                return False
        elif value != prop.get("default", []):
            return False
    return True


def _resolve(root: Schema, prop: Schema) -> Schema:
    found: Schema = root["$defs"][prop["$ref"].rpartition("/")[2]] if "$ref" in prop else prop
    return found


def _is_rows(prop: Schema) -> bool:
    return prop.get("type") == "array" and "$ref" in prop.get("items", {})


def _control(prop: Schema) -> str:
    if hint := prop.get("control"):
        return str(hint)
    if "enum" in prop:
        return "select"
    by_type = {"boolean": "switch", "integer": "number", "number": "number", "array": "lines"}
    return by_type.get(prop.get("type", ""), "textarea" if prop.get("maxLength", 0) > LONG else "text")


def _type(prop: Schema) -> str:
    if prop.get("type") == "array":
        return "lines"
    if prop.get("type") == "boolean":
        return "boolean"
    whole = prop.get("type") == "integer" or all(isinstance(choice, int) for choice in prop.get("enum", [""]))
    return "integer" if whole else "text"


def _limits(prop: Schema) -> dict[str, Any]:
    names = {"minimum": "min", "maximum": "max", "maxLength": "maxlength"}
    return {html: prop[name] for name, html in names.items() if name in prop}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _words(choice: Any) -> str:
    text = str(choice).replace("_", " ")
    return {"ltr": "Left to right", "rtl": "Right to left"}.get(text, text[:1].upper() + text[1:])


def _only(when: Mapping[str, list[Any]], beside: Schema) -> str:
    """“Only with Backend: Hosted.”"""
    words = [f"{beside[name]['title']}: {' or '.join(map(_choice, values))}" for name, values in when.items()]
    return f"Only with {', '.join(words)}."


def _choice(value: Any) -> str:
    return ("On" if value else "Off") if isinstance(value, bool) else _words(value)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _walk(item: Input | Group | Rows) -> Iterator[Input | Rows]:
    if isinstance(item, Group):
        for child in item.items:
            yield from _walk(child)
    else:
        yield item
        for row in item.rows if isinstance(item, Rows) else []:
            yield from _walk(row)
