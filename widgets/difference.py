"""What two configurations differ in, in the words of the form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from core.crypto import same_sealed

Content = tuple[Mapping[str, Any], str]  # a configuration, and a connection as it was sealed
_LONG = 80  # characters of a value that are shown
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    path: str
    label: str  # "Texts: Title"
    before: str
    after: str


def differences(model: type[BaseModel], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """In the order of the form; what the model does not know any more keeps its path as its label."""
    schema = model.model_json_schema()
    return list(_walk(schema, schema, ("", ""), before, after))


def all_differences(model: type[BaseModel], before: Content, after: Content) -> list[Change]:
    """Also whether the connection changes: without its values, which not everybody may read who reads this."""
    changes = differences(model, before[0], after[0])
    if not same_sealed(before[1], after[1]):
        changes.append(Change("connection", "Connection", "not shown", "changed, not shown"))
    return changes


def _walk(root: Any, prop: Any, place: tuple[str, str], before: Any, after: Any) -> Iterator[Change]:
    path, label = place
    if before == after:
        return
    prop = _resolved(root, prop)
    if _are_rows(before, after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _walk(root, prop.get("items", {}), (f"{path}.{index}", f"{label} {index + 1}"), old, new)
        return
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        yield Change(path, label or path, *_told(_words(before), _words(after)))
        return
    known = prop.get("properties", {})
    for name in [*known, *sorted((before.keys() | after.keys()) - known.keys())]:
        child = known.get(name, {})
        below = ": ".join(filter(None, (label, child.get("title") or _resolved(root, child).get("title") or name)))
        there = (f"{path}.{name}" if path else name, below)
        yield from _walk(root, child, there, before.get(name, _ABSENT), after.get(name, _ABSENT))


def _are_rows(before: Any, after: Any) -> bool:
    """As many entries as before, so that each can be compared with the one in its place."""
    if not (isinstance(before, list) and isinstance(after, list)) or len(before) != len(after):
        return False
    return all(isinstance(entry, Mapping) for entry in (*before, *after))


def _resolved(root: Any, prop: Any) -> Any:
    return root["$defs"][prop["$ref"].rpartition("/")[2]] if "$ref" in prop else prop


def _words(value: Any) -> str:
    if value is _ABSENT:
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or "none"
    if isinstance(value, Mapping):
        return " · ".join(_words(part) for part in value.values() if part not in ("", None))
    return str(value) or "empty"


def _told(one: str, other: str) -> tuple[str, str]:
    """What is too long is cut, but not where the two differ."""
    pairs = enumerate(zip(one, other, strict=False))
    same = next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
    start = max(0, same - _LONG // 4) if same > _LONG // 2 else 0
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    if len(text) <= _LONG:
        return text
    end = start + _LONG
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
