import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.codes import Code
from core.crypto import Secret
from core.headers import read_headers
from n8n_relay.events import RelayError
from n8n_relay.request import Outgoing, Target, build_history, build_message, mask

URL = "https://n8n.example.com/webhook/w1/chat"


def target(**changes: Any) -> Target:
    return Target(**{"url": URL, "kind": "chat_trigger"} | changes)


def message(to: Target | None = None, **changes: Any) -> Outgoing:
    given = {"session_id": "s1", "text": "Hello", "files": [], "metadata": {}} | changes
    return build_message(to or target(), **given)


def test_build_message_text_is_json() -> None:
    outgoing = message()
    assert outgoing.headers == {"accept": "application/json, text/plain", "content-type": "application/json"}
    assert json.loads(outgoing.body["content"]) == {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello"}
    assert list(outgoing.body) == ["content"]


def test_build_message_custom_keys_and_metadata() -> None:
    outgoing = message(target(input_key="question", session_key="sid"), metadata={"page": "/ü"})
    assert json.loads(outgoing.body["content"]) == {
        **{"action": "sendMessage", "sid": "s1", "question": "Hello"},
        "metadata": {"page": "/ü"},
    }
    assert outgoing.asked == {"action": "sendMessage", "sid": "s1", "question": "Hello"}


def test_build_message_files_are_multipart_with_metadata_as_text() -> None:
    files = [SimpleUploadedFile("a.png", b"A", "image/png"), SimpleUploadedFile("b", b"B", "")]
    outgoing = message(files=files, metadata={"page": "/"})
    assert outgoing.headers == {"accept": "application/json, text/plain"}
    assert outgoing.body == {
        "data": {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello", "metadata": '{"page":"/"}'},
        "files": [
            ("files", ("a.png", files[0], "image/png")),
            ("files", ("b", files[1], "application/octet-stream")),
        ],
    }


def test_build_message_files_without_metadata_has_no_such_field() -> None:
    outgoing = message(files=[SimpleUploadedFile("a.png", b"A", "image/png")])
    assert outgoing.body["data"] == {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello"}


def test_build_history_is_json_with_the_session() -> None:
    outgoing = build_history(target(session_key="sid"), session_id="s1")
    assert json.loads(outgoing.body["content"]) == {"action": "loadPreviousSession", "sid": "s1"}
    assert outgoing.headers["content-type"] == "application/json"


def test_build_message_basic_credential() -> None:
    outgoing = message(target(auth="basic", secret=Secret("alice:pass:wörd")))
    expected = base64.b64encode("alice:pass:wörd".encode()).decode()
    assert outgoing.headers["authorization"] == "Basic " + expected
    assert outgoing.hidden == (URL.encode(), expected.encode())


@pytest.mark.parametrize("files", [[], [SimpleUploadedFile("a.png", b"A", "image/png")]])
def test_build_message_header_credentials(files: list[Any]) -> None:
    secret = Secret('{"Authorization": "Bearer abcdefgh", "X-Key": " k-123456", "Accept": "text/plain"}')
    outgoing = message(target(auth="headers", secret=secret), files=files)
    kept = {name: value for name, value in outgoing.headers.items() if name != "content-type"}
    assert kept == {"accept": "text/plain", "authorization": "Bearer abcdefgh", "x-key": "k-123456"}
    assert outgoing.hidden == (URL.encode(), b"abcdefgh", b"k-123456")


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer abcdefg"}, {"X-Env": "production"}, {"X-Version": "1234567"}]
)
def test_build_message_headers_that_are_ordinary_words_are_not_hidden(headers: dict[str, str]) -> None:
    outgoing = message(target(auth="headers", secret=Secret(json.dumps(headers))))
    assert outgoing.hidden == (URL.encode(),)


def test_build_message_no_credential_ignores_a_stored_one() -> None:
    assert "authorization" not in message(target(secret=Secret("alice:x"))).headers


@pytest.mark.parametrize("auth", ["basic", "headers"])
@pytest.mark.parametrize("secret", [None, Secret("")])
def test_build_message_credential_missing(auth: str, secret: Secret | None) -> None:
    with pytest.raises(RelayError) as caught:
        message(target(auth=auth, secret=secret))
    assert (caught.value.code, caught.value.detail) == (Code.CREDENTIAL_MISSING, "")


def test_build_message_credential_unreadable_does_not_show_it() -> None:
    with pytest.raises(RelayError) as caught:
        message(target(auth="headers", secret=Secret('{"X-Key": "hunter2\\nX: 1"}')))
    assert caught.value.code == Code.CREDENTIAL_UNREADABLE
    assert caught.value.detail == "The value of the header X-Key must be plain ASCII text in one line."
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The headers are not valid JSON."),
        ("X-Key: 1", "The headers are not valid JSON."),
        ("[]", "The headers must be a JSON object of names and values."),
        ("{}", "The headers must be a JSON object of names and values."),
        ('{"X Key": "1"}', "A header's name holds a character that is not allowed."),
        ('{"": "1"}', "A header's name holds a character that is not allowed."),
        ('{"X-Key\\r\\nHost": "1"}', "A header's name holds a character that is not allowed."),
        ('{"Host": "1"}', "The header Host is set by the request itself."),
        ('{"content-LENGTH": "1"}', "The header content-LENGTH is set by the request itself."),
        ('{"Transfer-Encoding": "chunked"}', "The header Transfer-Encoding is set by the request itself."),
        ('{"X-Key": 1}', "The value of the header X-Key must be plain ASCII text in one line."),
        ('{"X-Key": "a\\nb"}', "The value of the header X-Key must be plain ASCII text in one line."),
        ('{"X-Key": "é"}', "The value of the header X-Key must be plain ASCII text in one line."),
    ],
)
def test_read_headers_refuses_what_cannot_be_sent(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_headers(text)
    assert str(caught.value) == reason


def test_read_headers_names_are_lowered_and_values_trimmed() -> None:
    assert read_headers('{"X-Key": " a b\\tc ", "x_1": ""}') == {"x-key": "a b\tc", "x_1": ""}


def test_target_shows_neither_url_nor_secret() -> None:
    shown = repr(target(auth="basic", secret=Secret("alice:hunter2")))
    assert "example.com" not in shown
    assert "hunter2" not in shown
    assert "hunter2" not in repr(message(target(auth="headers", secret=Secret('{"x-key": "hunter2"}'))))


def test_mask_replaces_every_occurrence() -> None:
    assert mask(b"a secret, a secret and a word", [b"secret", b"word"]).decode() == "a •••, a ••• and a •••"
    assert mask(b"nothing", []) == b"nothing"
