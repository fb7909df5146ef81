"""The API's description, arranged for a page that people read."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from accounts.api.schema import SCOPES_BEGIN

Schema = dict[str, Any]
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    place: str  # "path", "query", "header", "body"
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: list[str]
    fields: list[Field]
    curl: str
    status: str
    answer: str  # an example, "" without a body
    errors: list[tuple[str, str]]  # status, when


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    id: str
    operations: list[Operation]


def groups(schema: Schema, base: str) -> list[Group]:
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, declared in methods.items():
            operation = _operation(schema, base, path, method.upper(), declared)
            found.setdefault(declared["tags"][0], []).append(operation)
    return [Group(name, name.lower().replace(" ", "-"), operations) for name, operations in sorted(found.items())]


def _operation(schema: Schema, base: str, path: str, method: str, declared: Schema) -> Operation:
    answers = declared["responses"]
    status = next(iter(answers))
    example = _example(answers[status])
    return Operation(
        id=declared["operationId"],
        method=method,
        path=path,
        summary=declared["summary"],
        description=declared["description"].partition(SCOPES_BEGIN)[0],
        scopes=declared["x-scopes"],
        fields=[*_parameters(declared), *_body_fields(schema, declared)],
        curl=_curl(base, path, method, declared),
        status=status,
        answer="" if example is None else json.dumps(example, indent=2, ensure_ascii=False),
        errors=[(code, answer["description"]) for code, answer in answers.items() if code != status],
    )


def _parameters(declared: Schema) -> Iterator[Field]:
    for parameter in declared.get("parameters", []):
        yield Field(
            parameter["name"],
            parameter["in"],
            _type(parameter["schema"]),
            parameter.get("required", False),
            parameter.get("description", ""),
        )


def _body_fields(schema: Schema, declared: Schema) -> Iterator[Field]:
    if "requestBody" not in declared:
        return
    body = _resolved(schema, declared["requestBody"]["content"][_JSON]["schema"])
    for name, field in body["properties"].items():
        required = name in body.get("required", [])
        yield Field(name, "body", _type(_resolved(schema, field)), required, field.get("description", ""))


def _resolved(schema: Schema, part: Schema) -> Schema:
    reference = part.get("$ref") or next((one["$ref"] for one in part.get("allOf", []) if "$ref" in one), None)
    return schema["components"]["schemas"][reference.rpartition("/")[2]] if reference else part


def _type(part: Schema) -> str:
    if "enum" in part:
        return " | ".join("null" if value is None else str(value) or '""' for value in part["enum"])
    kinds = part.get("type", "object")
    text = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "items" in part:
        return f"{text} of {_type(part['items'])}"
    return f"{text} ({part['format']})" if "format" in part else text


def _example(answer: Schema) -> Any:
    examples = answer.get("content", {}).get(_JSON, {}).get("examples", {})
    return next((example["value"] for example in examples.values()), None)


def _curl(base: str, path: str, method: str, declared: Schema) -> str:
    for parameter in declared.get("parameters", []):
        if parameter["in"] == "path":
            value = next(iter(parameter["examples"].values()))["value"]
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
    headers = {"Authorization": "Bearer $CHATDOCK_TOKEN"}
    names = {parameter["name"] for parameter in declared.get("parameters", [])}
    if "If-Match" in names:
        headers["If-Match"] = "$ETAG"
    if "Idempotency-Key" in names and method == "POST":
        headers["Idempotency-Key"] = "$(uuidgen)"
    body = _example(declared["requestBody"]) if "requestBody" in declared else None
    if body is not None:
        headers["Content-Type"] = _JSON
    parts = [f"curl{'' if method == 'GET' else f' -X {method}'} {shlex.quote(base + path)}"]
    parts += [f'-H "{name}: {value}"' for name, value in headers.items()]
    parts += [] if body is None else [f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}"]
    return " \\\n  ".join(parts)
