import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Code
from n8n_relay.events import RelayError
from n8n_relay.files import NAME_CHARS, FileRules, check_files, clean_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def upload(name: str = "a.png", content: bytes = PNG, declared: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, declared)


def rules(*accept: str, max_count: int = 3, max_bytes: int = 200) -> FileRules:
    return FileRules(max_count, max_bytes, accept)


def refused(files: list[SimpleUploadedFile], given: FileRules) -> tuple[Code, str]:
    with pytest.raises(RelayError) as caught:
        check_files(files, given)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize("accept", [(), ("image/png",), ("image/*",), ("*/*",), ("text/plain", "IMAGE/PNG ")])
def test_check_files_accepted(accept: tuple[str, ...]) -> None:
    file = upload()
    check_files([file], rules(*accept))
    assert (file.name, file.content_type, file.read()) == ("a.png", "image/png", PNG)


@pytest.mark.parametrize("accept", [("image/jpeg",), ("text/*",), ("image",), (".png",)])
def test_check_files_not_on_the_list(accept: tuple[str, ...]) -> None:
    assert refused([upload()], rules(*accept)) == (
        Code.FILE_REFUSED,
        "a.png is image/png, which is not on the list.",
    )


def test_check_files_too_many() -> None:
    check_files([upload()] * 3, rules())
    assert refused([upload()] * 4, rules()) == (Code.FILE_REFUSED, "4 files came, 3 are allowed.")
    assert refused([upload()], rules(max_count=0)) == (Code.FILE_REFUSED, "1 files came, 0 are allowed.")


def test_check_files_too_large() -> None:
    check_files([upload(content=PNG)], rules(max_bytes=len(PNG)))
    assert refused([upload(), upload("b.png")], rules(max_bytes=len(PNG) - 1)) == (
        Code.TOO_LARGE,
        f"a.png has {len(PNG)} bytes, {len(PNG) - 1} are allowed.",
    )


def test_check_files_content_contradicts_the_declared_type() -> None:
    assert refused([upload(content=b"MZ\x90\0")], rules()) == (
        Code.FILE_REFUSED,
        "a.png is declared as image/png, but its content is something else.",
    )


def test_check_files_program_without_a_declared_type() -> None:
    code, _ = refused([upload("setup", b"MZ\x90\0", "")], rules())
    assert code == Code.FILE_REFUSED


@pytest.mark.parametrize(
    ("name", "declared", "content", "media_type"),
    [
        ("a.png", "", PNG, "image/png"),
        ("a.txt", "application/octet-stream", b"Hi", "text/plain"),
        ("a.csv", "application/vnd.ms-excel", b"a,b", "text/csv"),
        ("a.txt", "text/plain; charset=utf-8", b"Hi", "text/plain"),
        ("a.jpg", "image/jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a", "", b"\1\2", "application/octet-stream"),
    ],
)
def test_check_files_finds_the_true_type(name: str, declared: str, content: bytes, media_type: str) -> None:
    file = upload(name, content, declared)
    check_files([file], rules(media_type))
    assert file.content_type == media_type


def test_check_files_cleans_the_name() -> None:
    file = upload('C:\\fakepath\\a"\u202e<b>.png')
    check_files([file], rules())
    assert file.name == "a__b_.png"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("Übersicht 2025 (1).pdf", "Übersicht 2025 (1).pdf"),
        ("U\u0308.pdf", "Ü.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\a.png", "a.png"),
        (".htaccess", "htaccess"),
        ("a.tar.gz", "a.tar.gz"),
        ("a\r\nb\0.png", "ab.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ('<a>:"b"|?*.txt', "_a___b____.txt"),
        *(("", "file"), ("..", "file"), ("/", "file"), (" . ", "file"), ("\ud83d", "file")),
    ],
)
def test_clean_name(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_clean_name_long_keeps_its_ending() -> None:
    assert clean_name("x" * 300 + ".pdf") == "x" * (NAME_CHARS - 4) + ".pdf"
    assert clean_name("x." + "y" * 300) == "x." + "y" * (NAME_CHARS // 2)


@given(st.text())
def test_clean_name_any_name(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= NAME_CHARS
    assert not set(clean) & set('/\\<>:"|?*\r\n\0')
    assert clean_name(clean) == clean
