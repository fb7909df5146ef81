"""Any valid configuration of a type, for hypothesis: drawn from the schema that the form is made of."""

from typing import Any

from hypothesis import strategies as st

from widgets.types import get_type

_WORDS = st.text("abcXYZ äß€漢עב…<>&\"'{}#*", max_size=30).map(str.strip)


def configurations(type_id: str) -> st.SearchStrategy[Any]:
    model = get_type(type_id).configuration
    schema = model.model_json_schema()
    return _object(schema, schema).map(model.model_validate)


def _object(root: Any, schema: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: _value(root, prop) for name, prop in schema["properties"].items()})


def _value(root: Any, prop: Any) -> st.SearchStrategy[Any]:
    if "$ref" in prop:
        return _object(root, root["$defs"][prop["$ref"].rpartition("/")[2]])
    kind = prop.get("type")
    if "enum" in prop:
        return st.sampled_from([choice for choice in prop["enum"] if choice != "" or not prop.get("minLength")])
    if "const" in prop:
        return st.just(prop["const"])
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        return st.integers(prop.get("minimum", -9999), prop.get("maximum", 9999))
    if kind == "array":
        most = min(3, prop.get("maxItems", 3))
        unique = prop.get("unique")
        by = (lambda row: row[unique]) if unique else None
        return st.lists(_value(root, prop["items"]), min_size=prop.get("minItems", 0), max_size=most, unique_by=by)
    return _text(prop)


def _text(prop: Any) -> st.SearchStrategy[str]:
    if prop.get("examples"):
        return st.sampled_from(["", *prop["examples"]])  # icons, languages
    if prop.get("control") == "url":
        return st.sampled_from(["", "https://cdn.example.com/a.png"])
    least, most = prop.get("minLength", 0), prop.get("maxLength", 1000)
    if "pattern" in prop:
        return st.from_regex(prop["pattern"], fullmatch=True).filter(
            lambda text: text == text.strip() and text.isascii() and len(text) <= most
        )
    return _WORDS.filter(lambda text: least <= len(text) <= most)
