"""Which fields of a configuration reach the preview as they are, found by trying: change one, and see what changes.

A type maps its configuration to the frame's JSON in Python. The configurator must not wait for that on every key
pressed, and a second mapping in JavaScript would drift away. So each field is given another value, and where exactly
that value (or a text around it, or one of a few) turns up, the browser may write it there itself.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Path = tuple[str | int, ...]
Tree = Mapping[str, Any]
Rule = dict[str, Any]  # {"to": "frame.title"} with "before"/"after" (a text around it) or "table" (value → value)
_ABSENT = object()
_CHOICES = 12  # more of them are not tried
_MANY = 250  # fields


def direct_rules(configuration: BaseModel, render: Callable[[], Tree]) -> dict[str, list[Rule]]:
    """Dotted path of a field → where it goes. `render` reads `configuration`, which is as before in the end."""
    schema = configuration.model_json_schema()
    before = flatten(render())
    found: dict[str, list[Rule]] = {}
    for count, (path, prop) in enumerate(_fields(schema, schema, (), configuration)):
        if count == _MANY:
            break
        rules = _rules(configuration, path, prop, before, render)
        if rules:
            found[_dotted(path)] = rules
    return found


def flatten(tree: Any, path: Path = ()) -> dict[Path, Any]:
    """Leaves by path; a list of plain values is a leaf."""
    if isinstance(tree, Mapping):
        branches: Iterator[tuple[Any, Any]] = iter(tree.items())
    elif isinstance(tree, list) and tree and isinstance(tree[0], Mapping):
        branches = iter(enumerate(tree))
    else:
        return {path: tree}
    return {leaf: value for key, branch in branches for leaf, value in flatten(branch, (*path, key)).items()}


def _fields(root: Tree, prop: Tree, path: Path, value: Any) -> Iterator[tuple[Path, Tree]]:
    prop = root["$defs"][prop["$ref"].rpartition("/")[2]] if "$ref" in prop else prop
    if "properties" in prop:
        for name, child in prop["properties"].items():
            yield from _fields(root, child, (*path, name), getattr(value, name))
    elif "$ref" in prop.get("items", {}):
        for index, row in enumerate(value):
            yield from _fields(root, prop["items"], (*path, index), row)
    else:
        yield path, prop


def _rules(
    configuration: BaseModel, path: Path, prop: Tree, before: dict[Path, Any], render: Callable[[], Tree]
) -> list[Rule]:
    *way, last = path
    owner: Any = configuration
    for step in way:
        owner = owner[step] if isinstance(step, int) else getattr(owner, step)
    now = getattr(owner, str(last))

    def with_value(value: Any) -> dict[Path, Any]:
        setattr(owner, str(last), value)
        try:
            return flatten(render())
        finally:
            setattr(owner, str(last), now)

    choices = _choices(prop)
    if choices:
        return _table({_key(choice): with_value(choice) for choice in choices})
    trial = _trial(prop, now)
    return [] if trial is None else _templates(before, with_value(trial), now, trial)


def _choices(prop: Tree) -> list[Any]:
    if prop.get("type") == "boolean":
        return [True, False]
    choices: list[Any] = prop.get("enum", [])
    return choices if len(choices) <= _CHOICES else []


def _trial(prop: Tree, now: Any) -> Any:
    """Another value that the field may have; None: not to be had."""
    kind = prop.get("type")
    if "enum" in prop:
        return None
    if kind == "integer":
        return now + 1 if now + 1 <= prop.get("maximum", now + 1) else now - 1
    if prop.get("control") == "color":
        return "#0a0b0c" if now != "#0a0b0c" else "#0c0b0a"
    if kind == "string" and "pattern" not in prop:
        return "Qz" if now != "Qz" else "Zq"
    if kind == "array" and prop["items"].get("type") == "string" and "pattern" not in prop["items"]:
        return ["Qz"] if now != ["Qz"] else ["Zq"]
    return None


def _table(outcomes: dict[str, dict[Path, Any]]) -> list[Rule]:
    trees = list(outcomes.values())
    places = {place for tree in trees for place in tree}
    moving = [
        place for place in places if any(tree.get(place, _ABSENT) != trees[0].get(place, _ABSENT) for tree in trees)
    ]
    if any(place not in tree for place in moving for tree in trees):
        return []  # more than a value changes
    tables = [{key: tree[place] for key, tree in outcomes.items()} for place in moving]
    return [{"to": _dotted(place), "table": table} for place, table in zip(moving, tables, strict=True)]


def _templates(before: dict[Path, Any], after: dict[Path, Any], now: Any, trial: Any) -> list[Rule]:
    changed = [place for place in before | after if before.get(place, _ABSENT) != after.get(place, _ABSENT)]
    rules = []
    for place in changed:
        rule = _template(before.get(place, _ABSENT), after.get(place, _ABSENT), now, trial)
        if rule is None:
            return []  # something else depends on it: the server's to say
        rules.append({"to": _dotted(place), **rule})
    return rules


def _template(was: Any, became: Any, now: Any, trial: Any) -> Rule | None:
    if became == trial and type(became) is type(trial):
        return {}
    if not isinstance(became, str) or not isinstance(was, str):
        return None
    start, found, end = became.partition(str(trial))
    return {"before": start, "after": end} if found and was == f"{start}{now}{end}" else None


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _key(choice: Any) -> str:
    return str(choice).lower() if isinstance(choice, bool) else str(choice)
