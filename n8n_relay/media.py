"""Tells by a file's first bytes whether it can be what it says it is.

Sources: the formats' own specifications, as collected in https://mimesniff.spec.whatwg.org/ and the file(1) database.
"""

SAYS_NOTHING = "application/octet-stream"
_ALIASES = {
    "": SAYS_NOTHING,
    "binary/octet-stream": SAYS_NOTHING,
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "audio/mp3": "audio/mpeg",
    "audio/vnd.wave": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "text/x-markdown": "text/markdown",
}
_MAGIC = (
    # (offset, bytes, family)
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (4, b"ftyp", "mp4"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"BM", "bmp"),
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xfa", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf2", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"\x1a\x45\xdf\xa3", "webm"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xce\xfa\xed\xfe", "program"),
)
_FAMILIES = {
    "application/gzip": "gzip",
    "application/msword": "ole",
    "application/ogg": "ogg",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "ole",
    "application/vnd.ms-powerpoint": "ole",
    "application/zip": "zip",
    "audio/flac": "flac",
    "audio/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "image/avif": "mp4",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "mp4",
    "image/heif": "mp4",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/ogg": "ogg",
    "video/quicktime": "mp4",
    "video/webm": "webm",
    "video/x-matroska": "webm",
}
_ZIPPED = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
_TEXTS = {"application/json", "application/xml", "application/yaml", "application/rtf", "application/sql"}
_NOT_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def normal_type(declared: str) -> str:
    """A media type in lower case, without parameters, under its usual name."""
    name = declared.partition(";")[0].strip().lower()
    return _ALIASES.get(name, name)


def is_plausible(media_type: str, head: bytes) -> bool:
    """Whether a file that starts with `head` can be of this (normal) type.

    A type that is not known may be anything but a program.
    """
    if media_type.startswith("text/") or media_type in _TEXTS or media_type.endswith(("+xml", "+json")):
        return _is_text(head)
    found = sniff(head)
    if media_type.startswith(_ZIPPED):
        return found == "zip"
    return found == _FAMILIES[media_type] if media_type in _FAMILIES else found != "program"


def sniff(head: bytes) -> str | None:
    """The family of binary formats these first bytes belong to, if any."""
    return next((family for offset, magic, family in _MAGIC if head.startswith(magic, offset)), None)


def _is_text(head: bytes) -> bool:
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return is_utf16 or head == head.translate(None, _NOT_IN_TEXT)
