"""The chat UI's composer: keys, length, connection, files."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.n8nui_server import FrameServer, answer

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.e2e.n8nui_fixtures"]

Chat = Callable[[], Page]
PHOTO = {"name": "bike.png", "mimeType": "image/png", "buffer": b"\x89PNG photo"}
NOTES = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Gr\xc3\xbc\xc3\x9fe"}
GIVE = """([name, type, event, text]) => {
  const data = new DataTransfer();
  if (text) data.setData("text/plain", text);
  data.items.add(new File(["content"], name, { type }));
  const target = document.querySelector("textarea");
  const init = { bubbles: true, cancelable: true };
  const given = event === "paste"
    ? new ClipboardEvent("paste", { ...init, clipboardData: data })
    : new DragEvent(event, { ...init, dataTransfer: data });
  target.dispatchEvent(given);
  return given.defaultPrevented;
}"""


@pytest.fixture(autouse=True)
def _rows_for_the_server() -> None:
    """No database here."""


@pytest.fixture
def filing(server: FrameServer, chat: Chat) -> Chat:
    """A chat in which up to three files of 2 kB, images and plain text, may be attached."""

    def open_page() -> Page:
        server.boot["config"]["files"] |= {"enabled": True, "maxBytes": 2048}
        return chat()

    return open_page


def attach(page: Page, *files: dict[str, Any]) -> None:
    page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]


def chips(page: Page) -> list[str]:
    return page.locator(".chips bdi").all_inner_texts()


def hint(page: Page) -> str:
    return page.locator("#hint").inner_text()


def test_enter_sends_and_shift_enter_breaks_the_line(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("Hello")]
    page = chat()
    field = page.get_by_role("textbox")

    field.press_sequentially("One")
    field.press("Shift+Enter")
    field.press_sequentially("Two")
    grown = field.evaluate("field => field.clientHeight")
    field.press("Enter")
    page.get_by_text("Hello", exact=True).first.wait_for()

    assert server.messages()[0]["text"] == "One\nTwo"
    assert grown > field.evaluate("field => field.clientHeight")


@pytest.mark.parametrize("properties", ["isComposing: true", "keyCode: 229"])
def test_the_enter_that_ends_a_composition_does_not_send(server: FrameServer, chat: Chat, properties: str) -> None:
    page = chat()
    page.get_by_role("textbox").fill("にほんご")

    prevented = page.evaluate(
        "() => !document.querySelector('textarea').dispatchEvent("
        f"new KeyboardEvent('keydown', {{ key: 'Enter', bubbles: true, cancelable: true, {properties} }}))"
    )

    assert prevented is False
    assert (server.messages(), page.get_by_role("textbox").input_value()) == ([], "にほんご")


def test_nothing_is_not_sent(server: FrameServer, chat: Chat) -> None:
    page = chat()
    page.get_by_role("textbox").fill("  \n ")

    page.get_by_role("textbox").press("Enter")
    page.get_by_role("button", name="Send message").click()

    assert server.messages() == []


def test_a_text_that_is_too_long(server: FrameServer, chat: Chat) -> None:
    server.replies = [answer("Hello")]
    page = chat()
    field = page.get_by_role("textbox")
    field.fill("x" * 8012)
    field.press("Enter")
    told = (hint(page), page.locator(".counter").inner_text(), field.get_attribute("aria-invalid"))

    field.fill("x" * 8000)
    recovered = (hint(page), field.get_attribute("aria-invalid"))
    field.press("Enter")
    page.get_by_text("Hello", exact=True).first.wait_for()

    assert told == ("Your message is too long. Please keep it under 8,000 characters.", "-12", "true")
    assert recovered == ("", "false")
    assert [len(body["text"]) for body in server.messages()] == [8000]


def test_without_a_connection_the_draft_stays(server: FrameServer, chat: Chat) -> None:
    page = chat()
    page.get_by_role("textbox").fill("Hi")

    page.context.set_offline(True)
    page.get_by_text("You are offline.").wait_for()
    page.get_by_role("textbox").press("Enter")
    kept = page.get_by_role("textbox").input_value()
    page.context.set_offline(False)
    expect(page.locator("#hint")).to_have_text("")

    assert (kept, server.asked) == ("Hi", [])


def test_files_are_not_offered_where_they_are_off(chat: Chat) -> None:
    page = chat()

    pasted = page.evaluate(GIVE, ["bike.png", "image/png", "paste"])
    dropped = page.evaluate(GIVE, ["bike.png", "image/png", "drop"])

    assert page.get_by_role("button", name="Attach files").count() == 0
    assert (pasted, dropped) == (False, True)  # a dropped file must not replace the chat
    assert chips(page) == []


def test_a_message_with_files(server: FrameServer, filing: Chat) -> None:
    server.replies = [answer("Nice bike!")]
    page = filing()
    attach(page, PHOTO, NOTES)
    listed = chips(page)

    page.get_by_role("textbox").fill("Look")
    page.get_by_role("textbox").press("Enter")
    page.get_by_text("Nice bike!").first.wait_for()

    (body,) = server.messages()
    assert listed == ["bike.png", "notes.txt"]
    assert body["text"] == "Look"
    assert body["files"] == [
        ("bike.png", "image/png", b"\x89PNG photo"),
        ("notes.txt", "text/plain", "Grüße".encode()),
    ]
    assert page.locator(".sent bdi").all_inner_texts() == ["bike.png", "notes.txt"]
    assert page.locator(".chips").is_hidden()


def test_files_alone_can_be_sent_and_sent_again(server: FrameServer, filing: Chat) -> None:
    server.replies = [(400, {"error": {"code": "file_refused", "message": "Not this one."}}), answer("Nice bike!")]
    page = filing()
    attach(page, PHOTO)

    page.get_by_role("button", name="Send message").click()
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Nice bike!").first.wait_for()

    first, second = server.messages()
    assert first == second
    assert first["files"] == [("bike.png", "image/png", b"\x89PNG photo")]


@pytest.mark.parametrize(
    ("files", "taken", "words"),
    [
        ([PHOTO] * 4, 3, "You can attach up to 3 files."),
        ([{**PHOTO, "buffer": b"x" * 2049}], 0, "“bike.png” is larger than 2 kB."),
        (
            [{**NOTES, "name": "run.exe", "mimeType": "application/x-msdownload"}, PHOTO],
            1,
            "“run.exe” is a kind of file that cannot be sent here.",
        ),
        ([{**NOTES, "name": "unknown", "mimeType": ""}], 1, ""),
    ],
)
def test_a_file_that_cannot_be_attached(filing: Chat, files: list[dict[str, Any]], taken: int, words: str) -> None:
    page = filing()

    attach(page, *files)

    assert (len(chips(page)), hint(page)) == (taken, words)


def test_a_csv_file_that_windows_calls_an_excel_sheet(server: FrameServer, filing: Chat) -> None:
    server.boot["config"]["files"]["accept"] = ["text/csv"]
    page = filing()

    attach(page, {**NOTES, "name": "table.csv", "mimeType": "application/vnd.ms-excel"})

    assert chips(page) == ["table.csv"]


def test_a_file_can_be_taken_back(filing: Chat) -> None:
    page = filing()
    attach(page, PHOTO, NOTES)

    page.get_by_role("button", name="Remove bike.png").click()
    after_first = (chips(page), page.evaluate("document.activeElement.ariaLabel"))
    page.get_by_role("button", name="Remove notes.txt").click()

    assert after_first == (["notes.txt"], "Remove notes.txt")
    assert (chips(page), page.evaluate("document.activeElement.ariaLabel")) == ([], "Attach files")


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_file_can_be_pasted_and_dropped(filing: Chat, event: str) -> None:
    page = filing()

    prevented = page.evaluate(GIVE, ["bike.png", "image/png", event])

    assert (prevented, chips(page)) == (True, ["bike.png"])


def test_the_picture_that_comes_with_a_pasted_text_is_left_out(filing: Chat) -> None:
    page = filing()

    prevented = page.evaluate(GIVE, ["table.png", "image/png", "paste", "1 2 3"])

    assert (prevented, chips(page)) == (False, [])


def test_a_dragged_file_shows_where_it_may_be_dropped(filing: Chat) -> None:
    page = filing()

    page.evaluate(GIVE, ["bike.png", "image/png", "dragover"])
    over = page.locator(".veil").inner_text()
    page.evaluate(GIVE, ["bike.png", "image/png", "dragleave"])

    assert over == "Drop files to attach them"
    assert page.locator(".veil").is_hidden()


def test_field_of_a_chat_that_loads_without_a_width_is_one_line_high(page: Page, server: FrameServer) -> None:
    page.goto(f"{server.url}/host")
    page.evaluate("frame.width = 0; frame.src += '&again=1'")
    page.wait_for_function(
        "frame.contentDocument?.URL.endsWith('&again=1') && frame.contentDocument.readyState === 'complete'"
    )
    field = page.frame_locator("iframe").locator("textarea")
    field.wait_for(state="attached")
    page.evaluate("frame.width = 400")
    page.wait_for_timeout(100)
    assert 0 < field.evaluate("field => field.clientHeight") < 60
