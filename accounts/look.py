"""How a reseller's people and customers see the product: a name, colours and addresses instead of ours."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.contrast import contrast, nearest_readable, told

_COLOUR = r"^(#[0-9a-f]{6})?$"
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
# The grounds of static/css/tokens.css that the accent stands on as text, and what is mixed in until it can be read.
_LIGHT, _DARK = ("#ffffff", "#f5f6f8"), ("#171b22", "#1f242d")
_BLACK, _WHITE, _NIGHT = "#000000", "#ffffff", "#0b0e14"


def _support_link(value: str) -> str:
    if value.startswith("mailto:") or "@" in value.partition("/")[0]:
        return "mailto:" + _mail_address(value.removeprefix("mailto:"))
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or parts.username or re.search(r"[\s\"'<>\\]", value)):
        raise ValueError("Give a whole address that begins with https://, or an e-mail address.")
    return value


def _mail_address(value: str) -> str:
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError("Give an e-mail address.")
    return value


def _one_line(value: str) -> str:
    """In a mail, a line that is an address alone becomes a button."""
    return " ".join(value.split())


class Look(BaseModel):
    """Empty means: as the platform does it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Annotated[str, AfterValidator(_one_line)] = Field("", max_length=80)
    accent: str = Field("", pattern=_COLOUR)
    accent_dark: str = Field("", pattern=_COLOUR)  # in the dark scheme; empty: the accent, lighter
    support_link: Annotated[str, AfterValidator(_support_link)] = Field("", max_length=500)
    mail_name: str = Field("", max_length=80, pattern=r"^[^\r\n<>\"]*$")
    mail_reply_to: Annotated[str, AfterValidator(_mail_address)] = Field("", max_length=254)
    hide_powered_by: bool = False

    def over(self, other: "Look") -> "Look":
        """Who has a name of their own shows nothing of another's; else what is empty comes from the other."""
        if self.name:
            return self
        own = {name: value for name, value in self.model_dump().items() if value}
        return other.model_copy(update={**own, "hide_powered_by": self.hide_powered_by})

    @property
    def shades(self) -> tuple[str, str] | None:
        """The accent in the light and in the dark scheme, each as near to the chosen one as can be read as text."""
        if not self.accent:
            return None
        return light_shade(self.accent), dark_shade(self.accent_dark or self.accent)


def light_shade(color: str) -> str:
    return nearest_readable(color, _LIGHT, _BLACK)


def dark_shade(color: str) -> str:
    return nearest_readable(color, _DARK, _WHITE)


def colour_remarks(look: Look) -> list[str]:
    """A sentence for each chosen colour that cannot be read as it is."""
    remarks = []
    if look.accent and light_shade(look.accent) != look.accent:
        remarks.append(_remark("white", look.accent, _LIGHT[0], light_shade(look.accent)))
    if look.accent_dark and dark_shade(look.accent_dark) != look.accent_dark:
        remarks.append(_remark("a dark page", look.accent_dark, _DARK[1], dark_shade(look.accent_dark)))
    return remarks


def _remark(where: str, color: str, ground: str, shade: str) -> str:
    ratio = contrast(color, ground)
    return f"{color} on {where} has a contrast of {told(ratio)}; 4.5 : 1 is needed. Pages use {shade} instead."


def stylesheet(light: str, dark: str, *, preview: bool = False) -> str:
    """What tokens.css says of the accent, for a brand. preview: for boxes that have a scheme of their own."""
    light, dark = light_shade(light), dark_shade(dark)
    tokens = {
        "accent": (light, dark),
        "accent-hover": (f"color-mix(in srgb,{light} 82%,{_BLACK})", f"color-mix(in srgb,{dark} 82%,{_WHITE})"),
        "on-accent": (_WHITE, _NIGHT),
        "accent-ground": (f"color-mix(in srgb,{light} 14%,{_LIGHT[0]})", f"color-mix(in srgb,{dark} 14%,{_DARK[0]})"),
    }
    rules = "".join(f"--{name}:light-dark({one},{other});" for name, (one, other) in tokens.items())
    return f"{'.brand-preview' if preview else ':root'}{{{rules}}}"
