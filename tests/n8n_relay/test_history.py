import base64
import json
from typing import Any

import pytest

from core.codes import Code
from core.crypto import Secret
from n8n_relay import history
from n8n_relay.events import RelayError
from n8n_relay.history import load_history, read_history

from .conftest import Workflow


def kept(kind: str, content: Any) -> dict[str, Any]:
    return {
        **{"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", kind]},
        "kwargs": {"content": content, "additional_kwargs": {}},
    }


def read(*messages: Any) -> list[dict[str, str]]:
    return read_history(json.dumps({"data": messages}).encode())


def test_read_history_serialised_messages() -> None:
    assert read(kept("HumanMessage", "Hello"), kept("AIMessage", "Hi"), kept("AIMessageChunk", "there")) == [
        {"role": "user", "text": "Hello"},
        {"role": "assistant", "text": "Hi"},
        {"role": "assistant", "text": "there"},
    ]


def test_read_history_stored_messages() -> None:
    stored = [{"type": "human", "data": {"content": "Hello"}}, {"type": "ai", "data": {"content": "Hi"}}]
    assert read(*stored) == [{"role": "user", "text": "Hello"}, {"role": "assistant", "text": "Hi"}]


def test_read_history_parts_of_a_content_are_joined() -> None:
    parts = [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": "x"}, "this", {"text": 1}]
    assert read(kept("HumanMessage", parts)) == [{"role": "user", "text": "See\nthis"}]


def test_read_history_answers_are_unwrapped_and_questions_are_not() -> None:
    assert read(kept("AIMessage", '{"output":"Hi"}'), kept("HumanMessage", '{"output":"x"}')) == [
        {"role": "assistant", "text": "Hi"},
        {"role": "user", "text": '{"output":"x"}'},
    ]


@pytest.mark.parametrize(
    "message",
    [
        *(kept("SystemMessage", "x"), kept("ToolMessage", "x"), kept("AIMessage", ""), kept("AIMessage", " \n")),
        *(kept("AIMessage", None), kept("AIMessage", 1), kept("AIMessage", [])),
        *({}, {"id": []}, {"id": [1], "kwargs": 1}, {"type": "human"}, {"type": "human", "data": "x"}, "x", None, 1),
    ],
)
def test_read_history_leaves_out_what_is_no_text_of_either(message: Any) -> None:
    assert read(message) == []


@pytest.mark.parametrize("body", [b"", b"Hi", b"[]", b"{}", b'{"data":null}', b'{"data":{}}', b'{"output":"Hi"}'])
def test_read_history_other_bodies_are_malformed(body: bytes) -> None:
    with pytest.raises(RelayError) as caught:
        read_history(body)
    assert caught.value.code == Code.UPSTREAM_MALFORMED


async def test_load_history_asks_with_the_credential(workflow: Workflow) -> None:
    workflow.answers(json.dumps({"data": [kept("HumanMessage", "Hello")]}))
    target = workflow.target(auth="basic", secret=Secret("alice:pass"), session_key="sid")
    assert await load_history(target, session_id="s1") == [{"role": "user", "text": "Hello"}]
    (request,) = workflow.requests
    assert request.raw.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"alice:pass").decode()
    assert json.loads(request.body) == {"action": "loadPreviousSession", "sid": "s1"}


async def test_load_history_of_a_webhook_node_sends_nothing(workflow: Workflow) -> None:
    assert await load_history(workflow.target(kind="webhook"), session_id="s1") == []
    assert workflow.requests == []


async def test_load_history_status_becomes_a_code(workflow: Workflow) -> None:
    workflow.answers("Authorization data is wrong!", status=403)
    with pytest.raises(RelayError) as caught:
        await load_history(workflow.target(), session_id="s1")
    assert (caught.value.code, caught.value.detail) == (
        Code.N8N_UNAUTHORIZED,
        "HTTP 403: Authorization data is wrong!",
    )


async def test_load_history_slow_answer_is_a_timeout(workflow: Workflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "DEADLINE_SECONDS", 0.05)
    workflow.streams(then_hang=True)
    with pytest.raises(RelayError) as caught:
        await load_history(workflow.target(), session_id="s1")
    assert caught.value.code == Code.UPSTREAM_TIMEOUT


async def test_load_history_secret_in_the_answer_does_not_show(workflow: Workflow) -> None:
    workflow.answers(json.dumps({"data": [kept("AIMessage", "The key is hunter2hunter2.")]}))
    target = workflow.target(auth="headers", secret=Secret('{"X-Key": "hunter2hunter2"}'))
    assert await load_history(target, session_id="s1") == [{"role": "assistant", "text": "The key is •••."}]
