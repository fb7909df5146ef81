"""The pieces of which a widget type is declared."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

STORED = "stored"  # validation context of data that was accepted before

Control = Literal["text", "textarea", "color", "range", "select", "switch", "url", "lines", "rows", "icon"]


def option(
    default: Any,
    label: str,
    help: str = "",
    *,
    control: Control | None = None,
    translate: bool = False,
    unique: str = "",
    when: Mapping[str, list[Any]] | None = None,
    wide: bool = False,
    view: str = "",
    **limits: Any,
) -> Any:
    """A field of a configuration: its default, what people read, how it is edited, and its limits.

    translate: a text that visitors read, in their language. unique: of rows, the field that no two share.
    when: fields beside it → the values with which it matters; with others it is kept, and not shown. wide: has a line
    of its own.
    view: of a section, what the preview shows while it is edited: "launcher" or "teaser"; "" for the open chat.
    control="icon": `examples` are the names to choose from; one such as "lucide:rocket" says that all of Lucide's are.
    """
    if callable(default):
        limits["default_factory"] = default
    else:
        limits["default"] = default
    hints: dict[str, Any] = {
        "control": control,
        "translatable": translate,
        "unique": unique,
        "when": when,
        "wide": wide,
        "view": view,
    }
    extra: JsonDict = {name: hint for name, hint in hints.items() if hint}
    info: FieldInfo = Field(title=label, description=help, json_schema_extra=extra, **limits)
    return info


class Section(BaseModel):
    """A part of a configuration. Unknown names are refused: a typo must not silently do nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, validate_default=True)

    @field_validator("*")
    @classmethod
    def _without_nul(cls, value: Any) -> Any:
        """PostgreSQL cannot store one."""
        if any("\0" in text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)):
            raise ValueError("There is an invisible character (NUL) in this text. Type it anew.")
        return value


class Connection(Section):
    """How the other side is reached."""

    def problems(self) -> list[str]:
        """What is missing before a widget with this connection can be published, each with what to do."""
        return []

    def required_credentials(self) -> tuple[str, ...]:
        """Ids of the credentials without which nothing works."""
        return ()

    def sends(self) -> dict[str, str]:
        """Of each credential that goes to an address of the owner's choice: its id → the field with the address."""
        return {}


def any_text(secret: str) -> None:
    """Accepts every secret."""


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """A secret of a widget's connection: entered once, sealed, never shown again.

    check: raises ValueError with what to do when a text cannot be such a secret; the text must not stand in it.
    when: fields of the connection → the values with which it matters. shape: "basic" (user:password) or "headers" (a
    JSON object) where people enter it by its parts; shape_from: the field of the connection that says which. text: how
    it is written as one text.
    """

    id: str
    label: str
    help: str = ""
    check: Callable[[str], None] = any_text
    multiline: bool = False
    when: Mapping[str, list[Any]] = field(default_factory=dict)
    shape: str = ""
    shape_from: str = ""
    text: str = ""

    def matters(self, connection: Any) -> bool:
        return all(getattr(connection, name) in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two colours that must stand out from each other (WCAG 2.2: 4.5 for text, 3 for icons and controls).

    ink, ground: the path of a field, or a colour ("#ffffff"). unless: path → the value with which they do not show.
    """

    label: str
    ink: str
    ground: str
    least: float
    unless: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Look:
    """A ready-made look: parts of a configuration that are merged over one."""

    name: str
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class IconNames:
    """How the dashboard shows the icons that a type has names of its own for.

    drawings: name → the drawing in static/vendor/lucide/sprite.svg, or "star filled", "circle-ellipsis turned" for one
    that is drawn otherwise; a name that is not here is Lucide's too. heading, note: what is said of them.
    """

    drawings: Mapping[str, str] = field(default_factory=dict)
    heading: str = "Icons"
    note: str = ""


@dataclass(frozen=True, slots=True)
class FrameSources:
    """What the frame page of a type must be allowed to load, beyond our own origin (CSP source lists)."""

    script: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    inline_styles: bool = False
