"""Icon names that ChatKit knows (npm @openai/chatkit 1.9.0), or any Lucide icon as `lucide:name`."""

import re
from typing import Annotated

from pydantic import AfterValidator

PROMPT_ICONS = (
    "agent",
    "analytics",
    "atom",
    "batch",
    "bolt",
    "book-open",
    "book-closed",
    "book-clock",
    "bug",
    "calendar",
    "chart",
    "check",
    "check-circle",
    "check-circle-filled",
    "chevron-left",
    "chevron-right",
    "circle-question",
    "clock",
    "compass",
    "confetti",
    "cube",
    "desktop",
    "document",
    "dots-horizontal",
    "dots-vertical",
    "empty-circle",
    "external-link",
    "globe",
    "keys",
    "lab",
    "images",
    "info",
    "lifesaver",
    "lightbulb",
    "mail",
    "map-pin",
    "maps",
    "mobile",
    "name",
    "notebook",
    "notebook-pencil",
    "page-blank",
    "phone",
    "play",
    "plus",
    "profile",
    "profile-card",
    "reload",
    "star",
    "star-filled",
    "search",
    "sparkle",
    "sparkle-double",
    "square-code",
    "square-image",
    "square-text",
    "suitcase",
    "settings-slider",
    "user",
    "wreath",
    "write",
    "write-alt",
    "write-alt2",
)


_LUCIDE = re.compile(r"lucide:[a-z0-9-]{1,40}")


def _known(value: str) -> str:
    if value and value not in PROMPT_ICONS and not _LUCIDE.fullmatch(value):
        raise ValueError("Choose an icon of the list, or write lucide: and the name of a Lucide icon.")
    return value


PromptIcon = Annotated[str, AfterValidator(_known)]
