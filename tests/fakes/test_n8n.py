import json
import time
from typing import Any

import httpx
import pytest

MESSAGE = {"action": "sendMessage", "sessionId": "s1", "chatInput": "hello"}
HISTORY = {"action": "loadPreviousSession", "sessionId": "s1"}


def say(http: httpx.Client, mode: str, body: dict[str, Any] = MESSAGE, **options: Any) -> httpx.Response:
    return http.post(f"/n8n/webhook/{mode}/chat", json=body, **options)


def executions(http: httpx.Client) -> dict[str, int]:
    counted: dict[str, int] = http.get("/_control/executions").json()
    return counted


def lines_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    return [json.loads(line) for line in answer.text.splitlines() if line]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("echo-json", {"output": "You said: hello"}),
        ("text", {"text": "You said: hello"}),
        ("message", {"message": {"type": "text", "text": "You said: hello"}}),
        ("nested", {"output": {"answer": "You said: hello", "sources": ["a", "b"]}}),
        ("unknown-keys", {"answer": "You said: hello", "score": 0.5}),
        ("empty-object", {}),
        ("array", [{"output": "You said: hello"}, {"output": "second item"}]),
        ("string", "You said: hello"),
        ("wait-echo", MESSAGE),
        (
            "execution-started",
            {"executionStarted": True, "executionId": "52", "resumeToken": "0123456789abcdef" * 4},
        ),
    ],
)
def test_last_node_answers_unwrapped(http: httpx.Client, mode: str, expected: Any) -> None:
    answer = say(http, mode)

    assert (answer.status_code, answer.json()) == (200, expected)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert executions(http) == {mode: 1}


def test_empty_body_is_labelled_json(http: httpx.Client) -> None:
    answer = say(http, "empty-body")

    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["content-type"].startswith("application/json")


def test_plain_text_is_labelled_html(http: httpx.Client) -> None:
    answer = say(http, "plain")

    assert answer.text == "You said: hello"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("mode", "status", "body"),
    [
        ("node-error", 500, {"message": "Error in workflow"}),
        ("no-item", 500, {"code": 0, "message": "No item to return was found"}),
        ("workflow-timeout", 500, {"code": 0, "message": "There was a problem executing the workflow"}),
    ],
)
def test_workflow_errors_cost_an_execution(http: httpx.Client, mode: str, status: int, body: dict[str, Any]) -> None:
    answer = say(http, mode)

    assert (answer.status_code, answer.json()) == (status, body)
    assert executions(http) == {mode: 1}


def test_gateway_timeout_is_a_page(http: httpx.Client) -> None:
    answer = say(http, "html-504")

    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html; charset=utf-8")


@pytest.mark.parametrize("mode", ["inactive", "nobody-made-this"])
def test_inactive_webhook_is_not_registered(http: httpx.Client, mode: str) -> None:
    answer = say(http, mode)

    assert answer.status_code == 404
    assert answer.json() == {
        "code": 404,
        "message": f'The requested webhook "POST {mode}/chat" is not registered.',
        "hint": "The workflow must be active for a production URL to run successfully.",
    }
    assert executions(http) == {}


def test_not_public_trigger_has_an_empty_404(http: httpx.Client) -> None:
    answer = say(http, "public-false")

    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("body", [MESSAGE, HISTORY])
def test_basic_auth_guards_messages_and_history(http: httpx.Client, body: dict[str, Any]) -> None:
    missing = say(http, "basic-auth", body)
    wrong = say(http, "basic-auth", body, auth=("demo", "wrong"))
    right = say(http, "basic-auth", body, auth=("demo", "pass:word"))

    assert (missing.status_code, missing.text) == (401, "Authorization is required!")
    assert (wrong.status_code, wrong.text) == (403, "Authorization data is wrong!")
    assert wrong.headers["www-authenticate"] == 'Basic realm="Webhook"'
    assert right.status_code == 200


def test_header_auth_wants_its_header(http: httpx.Client) -> None:
    right = say(http, "header-auth", headers={"X-Api-Key": "demo-header-secret"})

    assert (say(http, "header-auth").status_code, right.status_code) == (403, 200)


@pytest.mark.parametrize(
    ("mode", "status"), [("n8n-user", 401), ("invalid-json", 422), ("too-big", 413), ("redirect", 307)]
)
def test_gates_refuse_before_an_execution(http: httpx.Client, mode: str, status: int) -> None:
    assert (say(http, mode).status_code, executions(http)) == (status, {})


def test_redirect_leads_to_a_working_mode(http: httpx.Client) -> None:
    assert say(http, "redirect", follow_redirects=True).json() == {"output": "You said: hello"}


def test_connection_reset_and_missing_first_byte(http: httpx.Client) -> None:
    with pytest.raises(httpx.TransportError):
        say(http, "reset")
    with pytest.raises(httpx.ReadTimeout):
        say(http, "no-first-byte", timeout=0.2)


@pytest.mark.parametrize("mode", ["huge", "stream-huge"])
def test_huge_answers_do_not_end(http: httpx.Client, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    with http.stream("POST", f"/n8n/webhook/{mode}/chat", json=MESSAGE) as answer:
        read = 0
        for chunk in answer.iter_bytes():
            read += len(chunk)
            if read > 5_000_000:
                break

    assert read > 5_000_000
    assert say(http, "echo-json").status_code == 200  # and the server is well after its client left
    assert [record for record in caplog.records if record.name.startswith("aiohttp")] == []


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"hello", "text/plain", 500),
        (b"chatInput=hello", "application/x-www-form-urlencoded", 200),
        (b"", "application/json", 200),
        (b"junk", "multipart/form-data; boundary=x", 200),
    ],
)
def test_bodies_are_parsed_like_n8n_does(http: httpx.Client, content: bytes, content_type: str, status: int) -> None:
    answer = http.post("/n8n/webhook/echo-json/chat", content=content, headers={"Content-Type": content_type})

    assert answer.status_code == status


def test_other_methods_are_not_registered_but_get_runs_the_workflow(http: httpx.Client) -> None:
    path = "/n8n/webhook/echo-json/chat"

    assert [http.request(method, path).status_code for method in ("PUT", "HEAD", "DELETE")] == [404, 404, 404]
    assert http.get(path).text == "firstEntryJson"
    assert executions(http) == {"echo-json": 1}


def test_history_of_a_trigger_without_memory_is_empty_and_costs_nothing(http: httpx.Client) -> None:
    assert say(http, "echo-json", HISTORY).json() == {"data": []}
    assert executions(http) == {}


def test_memory_answers_the_history_in_the_shape_of_langchain(http: httpx.Client) -> None:
    say(http, "memory")
    say(http, "memory", MESSAGE | {"sessionId": "other"})

    data = say(http, "memory", HISTORY).json()["data"]

    assert [(message["id"][-1], message["kwargs"]["content"]) for message in data] == [
        ("HumanMessage", "hello"),
        ("AIMessage", "You said: hello (message 1)"),
    ]
    assert executions(http) == {"memory": 2}


def test_history_of_a_memory_that_is_not_wired_fails(http: httpx.Client) -> None:
    answer = say(http, "memory-unwired", HISTORY)

    message = "Workflow Webhook Error: Workflow could not be started!"
    assert (answer.status_code, answer.json()) == (500, {"code": 0, "message": message})


def test_history_sent_as_multipart_runs_the_workflow(http: httpx.Client) -> None:
    http.post("/n8n/webhook/memory/chat", files={name: (None, value) for name, value in HISTORY.items()})

    assert executions(http) == {"memory": 1}


def test_plain_webhook_runs_the_workflow_for_a_history_call(http: httpx.Client) -> None:
    answer = http.post("/n8n/webhook/echo-json", json=HISTORY)

    assert answer.json() == {"output": "You said: "}
    assert executions(http) == {"webhook:echo-json": 1}


def test_files_are_described_whatever_their_field_is_called(http: httpx.Client) -> None:
    answer = http.post(
        "/n8n/webhook/files/chat",
        data=MESSAGE,
        files=[("files", ("ä.txt", b"abc", "text/plain")), ("other", ("b.png", b"12", "image/png"))],
    )

    assert answer.json() == {
        "output": "Received 2 files: ä.txt (3 B, text/plain), b.png (2 B, image/png)",
        "files": [
            {"fileName": "ä.txt", "fileSize": "3 B", "mimeType": "text/plain", "binaryKey": "data0"},
            {"fileName": "b.png", "fileSize": "2 B", "mimeType": "image/png", "binaryKey": "data1"},
        ],
    }


def test_custom_keys_need_the_renamed_fields(http: httpx.Client) -> None:
    renamed = say(http, "custom-keys", {"conversation": "s1", "question": "hello"})

    assert (say(http, "custom-keys").status_code, renamed.json()) == (500, {"output": "You said: hello"})


def test_stream_has_a_bubble_per_node_and_a_keepalive(http: httpx.Client) -> None:
    lines = lines_of(say(http, "stream"))

    shown = [(line["type"], line.get("metadata", {}).get("nodeName")) for line in lines if line["type"] != "item"]
    assert shown == [
        ("begin", "AI Agent"),
        ("end", "AI Agent"),
        ("keepalive", None),
        ("begin", "Summary Agent"),
        ("end", "Summary Agent"),
    ]
    texts = [line["content"] for line in lines if line["type"] == "item"]
    assert "".join(texts) == "You said: helloAnd this is the second node."


def test_stream_of_respond_to_webhook_is_one_item_with_json_inside(http: httpx.Client) -> None:
    lines = lines_of(say(http, "stream-respond"))

    assert [line["type"] for line in lines] == ["begin", "item", "end"]
    assert json.loads(lines[1]["content"]) == {"output": "You said: hello", "n": 3}


def test_stream_errors_are_lines_with_status_200(http: httpx.Client) -> None:
    texts = lines_of(say(http, "stream-error"))
    null = lines_of(say(http, "stream-error-null"))

    assert [line["type"] for line in texts] == ["begin", "item", "error"]
    assert texts[-1]["content"] == "The model provider answered: insufficient quota"
    assert [(line["type"], line["content"]) for line in null] == [("error", None)]


def test_stream_where_nothing_streams_is_empty(http: httpx.Client) -> None:
    answer = say(http, "stream-empty")

    assert (answer.status_code, answer.content) == (200, b"")


def test_hanging_stream_says_something_and_then_nothing(http: httpx.Client) -> None:
    with http.stream("POST", "/n8n/webhook/stream-hang/chat", json=MESSAGE, timeout=1) as answer:
        lines = answer.iter_lines()

        assert [json.loads(next(lines))["type"] for _ in range(2)] == ["begin", "item"]
        with pytest.raises(httpx.ReadTimeout):
            next(lines)


def test_slow_modes_keep_their_pace(http: httpx.Client) -> None:
    http.post("/_control/configure", json={"slow_pause": 0.1})
    start = time.monotonic()

    kinds = [line["type"] for line in lines_of(say(http, "stream-keepalive"))]

    assert time.monotonic() - start >= 0.3
    assert kinds[:4] == ["keepalive", "keepalive", "keepalive", "begin"]


def test_demo_agent_answers_what_was_asked_and_remembers(http: httpx.Client) -> None:
    asked = MESSAGE | {"chatInput": "Show me a table"}

    answer = "".join(line.get("content", "") for line in lines_of(say(http, "demo", asked)))
    history = say(http, "demo", HISTORY).json()["data"]

    assert answer.startswith("You asked: “Show me a table”.")
    assert "| Plan | Widgets | Sessions a month |" in answer.splitlines()
    assert [message["kwargs"]["content"] for message in history] == ["Show me a table", answer]
