"""The languages of a widget: its default one, and further ones with texts of their own.

A text that visitors read is declared with `translate=True`. From those a type's `translations` are made: a list of
rows, one for each language, in the shape of the configuration. An entry of a list (a starter prompt) says itself in
which language it is shown.
"""

from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from annotated_types import MinLen
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema, create_model
from pydantic.fields import FieldInfo

from widgets.types.base import STORED, Section, option

LANGUAGES = {
    "en": "English",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "pt-BR": "Portuguese (Brazil)",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zh-TW": "Chinese (Taiwan)",
}
PSEUDO = "en-XA"  # in the preview alone: see static/frame/pseudo.js
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv"}


def direction_of(language: str) -> str:
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _known(value: str, info: ValidationInfo) -> str:
    if value not in LANGUAGES and value and info.context != STORED:
        raise ValueError("Choose a language of the list.")
    return value


def _chosen(value: str) -> str:
    if not value:
        raise ValueError("Choose a language.")
    return value


def _as_select(none: str = "", **more: Any) -> WithJsonSchema:
    names = ({"": none} if none else {}) | LANGUAGES
    return WithJsonSchema({"type": "string", "enum": list(names), "names": names, **more})


# A widget of before there were languages has "".
DefaultLanguage = Annotated[str, BeforeValidator(lambda value: value or "en"), AfterValidator(_known), _as_select()]
EntryLanguage = Annotated[str, AfterValidator(_known), _as_select("Every language")]
RowLanguage = Annotated[str, AfterValidator(_known), AfterValidator(_chosen), _as_select("Choose…", minLength=1)]


def entry_language() -> Any:
    """The field of an entry that says for whom it is."""
    return option("", "Shown in", "Entries of a language take the place of those for every language.")


class Translation(Section):
    """What a type's rows have in common; `translated` makes the rest."""

    language: RowLanguage = option("", "Language", "For whom these texts are; each language once.")


def _once(rows: list[Translation]) -> list[Translation]:
    codes = [row.language for row in rows]
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"{LANGUAGES.get(code, code)} is there twice.")
    return rows


C = TypeVar("C", bound="Section")


def translated(model: type[C]) -> type[C]:
    """The same configuration, its `translations` with a place for every text of it."""
    row = create_model(f"{model.__name__}Words", __base__=Translation, **_places(model))
    rows = option(
        list,
        "Languages",
        "Texts in further languages. The chat takes the page’s language, else the browser’s; what is empty here is "
        "shown in the default language.",
        control="rows",
        unique="language",
        max_length=len(LANGUAGES),
    )
    made = create_model(
        model.__name__,
        __base__=model,
        __doc__=model.__doc__,
        translations=(Annotated[list[row], AfterValidator(_once)], rows),
    )
    return made


def _places(model: type[Section]) -> dict[str, Any]:
    """Fields of a row for the texts of a section, in the order in which people read them."""
    names = model.model_json_schema()["properties"]
    found = ((name, _place(model.model_fields[name])) for name in names)
    return {name: place for name, place in found if place}


def _place(info: FieldInfo) -> Any:
    kind, extra = info.annotation, info.json_schema_extra
    label = info.title or ""
    if isinstance(kind, type) and issubclass(kind, Section):
        inner = _places(kind)
        made = create_model(f"{kind.__name__}Words", __base__=Section, **inner)
        return (made, option(made, label)) if inner else None
    if not (isinstance(extra, dict) and extra.get("translatable")):
        return None
    limits = [limit for limit in info.metadata if not isinstance(limit, MinLen)]
    control: Any = extra.get("control")
    empty = option("" if kind is str else list, label, control=control)
    return Annotated[(kind, *limits)] if limits else kind, empty


def languages_of(configuration: Any) -> list[str]:
    """Every language in which something is said, the default one first."""
    rows = [row.language for row in configuration.translations]
    return list(dict.fromkeys([configuration.visitors.language, *rows, *_entry_languages(configuration)]))


def _entry_languages(section: Section) -> Iterator[str]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _entry_languages(value)
        elif _are_entries(name, value):
            yield from (entry.language for entry in value if entry.language)


def localized(configuration: C, language: str) -> C:
    """The configuration as a visitor of this language meets it. Nothing of the original is changed."""
    known: Any = configuration
    words = next((row for row in known.translations if row.language == language), None)
    direction = known.visitors.direction if language == known.visitors.language else "auto"
    visitors = known.visitors.model_copy(update={"language": language, "direction": direction})
    spoken: C = _spoken(known, words, language).model_copy(update={"visitors": visitors})
    return spoken


def _spoken(section: C, words: Section | None, language: str) -> C:
    changed: dict[str, Any] = {}
    for name in type(section).model_fields:
        value, word = getattr(section, name), getattr(words, name, None)
        if isinstance(value, Section):
            spoken: Any = _spoken(value, word, language)
        elif _are_entries(name, value):
            spoken = [entry for entry in value if entry.language == language] or [
                entry for entry in value if not entry.language
            ]
        else:
            spoken = word or value
        if spoken is not value:
            changed[name] = spoken
    return section.model_copy(update=changed) if changed else section


def _are_entries(name: str, value: Any) -> bool:
    return isinstance(value, list) and name != "translations" and bool(value) and hasattr(value[0], "language")
