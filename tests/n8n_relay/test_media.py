import pytest

from n8n_relay.media import is_plausible, normal_type

HEADS = {
    "image/png": b"\x89PNG\r\n\x1a\n\0\0",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/gif": b"GIF89a\1\0",
    "image/webp": b"RIFF\x1a\0\0\0WEBPVP8 ",
    "image/bmp": b"BM\x1a\0",
    "image/tiff": b"II*\0\1",
    "image/heic": b"\0\0\0\x18ftypheic",
    "image/avif": b"\0\0\0\x18ftypavif",
    "application/pdf": b"%PDF-1.7\n%\xe2",
    "application/zip": b"PK\x03\x04\x14\0",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK\x03\x04\x14\0",
    "application/vnd.oasis.opendocument.text": b"PK\x03\x04\x14\0",
    "application/msword": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/vnd.ms-excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/gzip": b"\x1f\x8b\x08",
    "audio/mpeg": b"ID3\x04",
    "audio/wav": b"RIFF\x1a\0\0\0WAVEfmt ",
    "audio/mp4": b"\0\0\0\x18ftypM4A ",
    "audio/ogg": b"OggS\0\2",
    "audio/flac": b"fLaC\0",
    "audio/webm": b"\x1a\x45\xdf\xa3\x9f",
    "video/mp4": b"\0\0\0\x18ftypisom",
    "video/quicktime": b"\0\0\0\x14ftypqt  ",
    "video/webm": b"\x1a\x45\xdf\xa3\x9f",
}
PROGRAMS = [b"MZ\x90\0\3", b"\x7fELF\2\1", b"\xca\xfe\xba\xbe\0", b"\xcf\xfa\xed\xfe\7", b"\xce\xfa\xed\xfe\7"]


@pytest.mark.parametrize("media_type", HEADS)
def test_is_plausible_own_first_bytes(media_type: str) -> None:
    assert is_plausible(media_type, HEADS[media_type])


@pytest.mark.parametrize("media_type", HEADS)
@pytest.mark.parametrize("head", [b"", b"<html>", b"\0\0\0\0", *PROGRAMS])
def test_is_plausible_other_first_bytes(media_type: str, head: bytes) -> None:
    assert not is_plausible(media_type, head)


def test_is_plausible_one_image_is_not_another() -> None:
    images = [media_type for media_type in HEADS if media_type.startswith("image/") and media_type != "image/avif"]
    wrong = [(one, two) for one in images for two in images if one != two and is_plausible(one, HEADS[two])]
    assert wrong == []


@pytest.mark.parametrize("media_type", ["text/plain", "text/csv", "application/json", "image/svg+xml", "text/html"])
@pytest.mark.parametrize(
    ("head", "plausible"),
    [
        (b"", True),
        (b"a,b\r\n1,\t2\x0c\n", True),
        (b"BMW and MZ are letters too", True),
        ("caf\xe9 – 你好".encode(), True),
        (b"caf\xe9", True),
        (b"\xff\xfea\0b\0", True),
        (b"a\0b", False),
        (b"\x89PNG\r\n\x1a\n", False),
        (b"MZ\x90\0\3", False),
    ],
)
def test_is_plausible_text(media_type: str, head: bytes, plausible: bool) -> None:
    assert is_plausible(media_type, head) == plausible


@pytest.mark.parametrize("media_type", ["application/octet-stream", "application/x-unheard", "model/stl"])
def test_is_plausible_type_that_is_not_known(media_type: str) -> None:
    assert is_plausible(media_type, b"\0\1\2\3")
    assert [is_plausible(media_type, head) for head in PROGRAMS] == [False] * len(PROGRAMS)


def test_normal_type() -> None:
    assert normal_type("Text/Plain; charset=utf-8") == "text/plain"
    assert normal_type(" image/jpg ") == "image/jpeg"
    assert normal_type("") == "application/octet-stream"
    assert normal_type("application/x-unheard") == "application/x-unheard"
