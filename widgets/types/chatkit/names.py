"""Names out of ChatKit's lists, as types."""

import re
from typing import Annotated

from pydantic import AfterValidator

from widgets.types.chatkit.rules import HEADER_ICONS, LOCALES, PROMPT_ICONS

_LUCIDE = re.compile(r"lucide:[a-z0-9-]{1,40}")


def _prompt_icon(value: str) -> str:
    if value and value not in PROMPT_ICONS and not _LUCIDE.fullmatch(value):
        raise ValueError("Choose an icon of the list, or write lucide: and the name of a Lucide icon.")
    return value


def _header_icon(value: str) -> str:
    if value and value not in HEADER_ICONS:
        raise ValueError("ChatKit’s header has no such icon. Choose one of the list.")
    return value


def _locale(value: str) -> str:
    if value and value not in LOCALES:
        raise ValueError("ChatKit does not speak this language. Choose one of the list, or leave it empty.")
    return value


PromptIcon = Annotated[str, AfterValidator(_prompt_icon)]
HeaderIcon = Annotated[str, AfterValidator(_header_icon)]
Locale = Annotated[str, AfterValidator(_locale)]
