"""Which files a visitor may attach: a line is a media type and the endings of its files."""

from typing import Annotated

from pydantic import StringConstraints

FILE_KIND = r"^[a-z]+/([a-z0-9.+-]+|\*)( \.[A-Za-z0-9]{1,10})+$"
FileKind = Annotated[str, StringConstraints(max_length=200, pattern=FILE_KIND)]


def accepted(lines: list[str]) -> dict[str, list[str]]:
    """ChatKit's `accept`: media type → endings. Lines of the same type are joined."""
    found: dict[str, list[str]] = {}
    for line in lines:
        kind, *endings = line.split()
        found.setdefault(kind, []).extend(endings)
    return found
