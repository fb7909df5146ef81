"""Checks a visitor's files before they travel: n8n itself checks nothing, whatever its trigger's settings say."""

import mimetypes
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from core.codes import Code

from .events import RelayError
from .media import SAYS_NOTHING, is_plausible, normal_type

NAME_CHARS = 120
_HEAD_BYTES = 4096
_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*/\\', "_"))


@dataclass(frozen=True, slots=True)
class FileRules:
    """A widget's settings. `accept`: media types, also `image/*`; empty means any."""

    max_count: int
    max_bytes: int  # of each file
    accept: Sequence[str] = ()


def check_files(files: Sequence["UploadedFile[bytes]"], rules: FileRules) -> None:
    """Gives every file a clean name and its true media type. RelayError (FILE_REFUSED, TOO_LARGE) says which one not.

    The type a browser declares follows the file's name; the first bytes must not contradict it.
    """
    if len(files) > rules.max_count:
        raise RelayError(Code.FILE_REFUSED, f"{len(files)} files came, {rules.max_count} are allowed.")
    for file in files:
        file.name = clean_name(file.name or "")
        if (file.size or 0) > rules.max_bytes:
            raise RelayError(Code.TOO_LARGE, f"{file.name} has {file.size} bytes, {rules.max_bytes} are allowed.")
        file.content_type = _media_type(file)
        if not _is_accepted(file.content_type, rules.accept):
            raise RelayError(Code.FILE_REFUSED, f"{file.name} is {file.content_type}, which is not on the list.")


def clean_name(name: str) -> str:
    """The last part of a path, without what file systems, terminals and headers read as more than a letter."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    shown = "".join(character for character in last if not unicodedata.category(character).startswith("C"))
    stem, dot, ending = shown.translate(_UNSAFE).strip(" .").rpartition(".")
    ending = ending[: NAME_CHARS // 2]
    return (stem[: NAME_CHARS - len(dot + ending)] + dot + ending) or "file"


def _media_type(file: "UploadedFile[bytes]") -> str:
    name = file.name or ""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    declared = normal_type(file.content_type or "")
    if declared == "application/vnd.ms-excel" and name.lower().endswith(".csv"):
        declared = "text/csv"  # what Windows declares once Excel is installed
    if declared == SAYS_NOTHING:
        declared = normal_type(mimetypes.guess_type(name)[0] or "")
    if not is_plausible(declared, head):
        raise RelayError(Code.FILE_REFUSED, f"{name} is declared as {declared}, but its content is something else.")
    return declared


def _is_accepted(media_type: str, accept: Sequence[str]) -> bool:
    wanted = {normal_type(item) for item in accept}
    return not wanted or not wanted.isdisjoint({media_type, media_type.partition("/")[0] + "/*", "*/*"})
