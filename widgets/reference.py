"""The options of every widget type as a page of the documentation, out of their declarations."""

from collections.abc import Iterable, Iterator
from typing import Any

from widgets.types.declaration import WidgetType
from widgets.types.languages import LANGUAGES

_INTRO = """# Options of the widget types

Written by `python manage.py write_options` from the declarations in `widgets/types/`; a test holds it true. The names
are those of the REST API (`configuration` and `connection` of a widget) and of an exported file. `[]` is a list.
“Per language”: can be given for each further language under `translations[]`, in the same place.

Language codes: {languages}.
"""


def reference(kinds: Iterable[WidgetType]) -> str:
    """Markdown."""
    languages = ", ".join(f"`{code}`" for code in LANGUAGES)
    return "\n".join([_INTRO.format(languages=languages), *(_of_type(kind) for kind in kinds)])


def _of_type(kind: WidgetType) -> str:
    parts = [f"## {kind.label} (`{kind.id}`)", "", kind.description, ""]
    for title, model in (("Connection", kind.connection), ("Configuration", kind.configuration)):
        schema = model.model_json_schema()
        parts += [f"### {title}", "", "| name | what | values | default |", "|---|---|---|---|"]
        parts += [_line(path, prop) for path, prop in _fields(schema, schema, "")]
        parts.append("")
    if kind.credentials:
        parts += ["### Secrets", "", "| kind | what |", "|---|---|"]
        parts += [
            f"| `{known.id}` | {_cell(f'{known.label}. {known.help} {known.text}'.strip())} |"
            for known in kind.credentials
        ]
        parts.append("")
    return "\n".join(parts)


def _fields(root: Any, schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, prop in schema["properties"].items():
        place = f"{path}.{name}" if path else name
        inner = prop.get("items", prop)
        if "$ref" not in inner:
            yield place, prop
        elif place == "translations":  # in the shape of what stands here already
            yield "translations[].language", {**root["$defs"][_name(inner)]["properties"]["language"], "default": ""}
        else:
            below = f"{place}[]" if inner is not prop else place
            yield from _fields(root, root["$defs"][_name(inner)], below)


def _name(reference: Any) -> str:
    return str(reference["$ref"].rpartition("/")[2])


def _line(path: str, prop: Any) -> str:
    what = ". ".join(filter(None, (prop.get("title"), prop.get("description", "").rstrip("."))))
    spoken = " Per language." if prop.get("translatable") else ""
    only = " and ".join(f"`{name}` {_any_of(values)}" for name, values in prop.get("when", {}).items())
    spoken += f" Only with {only}." if only else ""
    return f"| `{path}` | {_cell(what)}.{spoken} | {_cell(_values(prop))} | {_cell(_default(prop))} |"


def _any_of(values: list[Any]) -> str:
    return " or ".join(f"`{str(value).lower()}`" for value in values)


def _values(prop: Any) -> str:
    if "enum" in prop and "names" not in prop:
        return ", ".join(f"`{choice}`" for choice in prop["enum"])
    if "examples" in prop:
        return f"a name such as `{prop['examples'][0]}`"
    ranged = {"names": "a language code", "minimum": f"{prop.get('minimum')} to {prop.get('maximum')}"}
    ranged |= {"maxItems": f"list, at most {prop.get('maxItems')}"}
    ranged |= {"maxLength": f"text, at most {prop.get('maxLength')} characters"}
    by_type = {"boolean": "`true`, `false`", "integer": "a whole number", "array": "list", "string": "text"}
    limited = next((words for name, words in ranged.items() if name in prop), by_type[prop["type"]])
    return "a colour" if prop.get("control") == "color" else limited


def _default(prop: Any) -> str:
    default = prop.get("default", "")
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default != "" else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
