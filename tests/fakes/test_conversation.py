"""The ChatKit protocol, as both OpenAI's conversation endpoint and the tenant's server speak it."""

import json
from typing import Any

import httpx
import pytest

from tests.fakes.serve import Served

KEY = {"Authorization": "Bearer sk-demo-1", "OpenAI-Beta": "chatkit_beta=v1"}
HOSTED = "/openai/v1/chatkit/conversation"
CUSTOM = "/chatkit-server"


def secret(http: httpx.Client, user: str = "u1", **more: Any) -> str:
    limits = {"rate_limits": {"max_requests_per_1_minute": 100}}
    body = {"user": user, "workflow": {"id": "wf_demo"}} | limits | more
    answer = http.post("/openai/v1/chatkit/sessions", json=body, headers=KEY)
    return f"Bearer {answer.json()['client_secret']}"


def call(http: httpx.Client, bearer: str, kind: str, **params: Any) -> httpx.Response:
    return http.post(HOSTED, json={"type": kind, "params": params}, headers={"Authorization": bearer})


def message(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "quoted_text": "", "attachments": [], "inference_options": {}}


def events_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream"
    blocks = answer.text.removesuffix("\n\n").split("\n\n")
    return [json.loads(block.removeprefix("data: ")) for block in blocks]


def create_thread(http: httpx.Client, bearer: str, text: str = "hello") -> str:
    thread_id: str = events_of(call(http, bearer, "threads.create", input=message(text)))[0]["thread"]["id"]
    return thread_id


def test_new_thread_streams_the_events_in_order(http: httpx.Client) -> None:
    events = events_of(call(http, secret(http), "threads.create", input=message("Tell me more")))

    deltas = [event["update"]["delta"] for event in events if "delta" in event.get("update", {})]
    kinds = [event["type"] for event in events if "delta" not in event.get("update", {})]
    assert kinds == [
        "thread.created",
        "thread.item.done",
        "stream_options",
        "thread.item.added",
        "thread.item.updated",
        "thread.item.updated",
        "thread.item.done",
        "thread.updated",
    ]
    assert events[1]["item"]["content"] == message("Tell me more")["content"]
    assert events[-2]["item"]["content"] == [{"type": "output_text", "text": "".join(deltas), "annotations": []}]
    assert "".join(deltas).startswith("You said: “Tell me more”.")
    assert events[-1]["thread"]["title"] == "Tell me more"


def test_threads_belong_to_their_user(http: httpx.Client) -> None:
    alice, again, charlie = secret(http, "alice"), secret(http, "alice"), secret(http, "charlie")
    thread_id = create_thread(http, alice)

    assert [row["id"] for row in call(http, again, "threads.list", limit=9999).json()["data"]] == [thread_id]
    assert call(http, charlie, "threads.list", limit=9999).json() == {"data": [], "has_more": False}
    foreign = call(http, charlie, "threads.get_by_id", thread_id=thread_id)
    assert (foreign.status_code, foreign.json()) == (404, {"message": "Not Found"})
    assert call(http, charlie, "threads.add_user_message", thread_id=thread_id, input=message("x")).status_code == 404


def test_thread_can_be_read_back_renamed_and_deleted(http: httpx.Client) -> None:
    bearer = secret(http)
    thread_id = create_thread(http, bearer)
    events_of(call(http, bearer, "threads.add_user_message", thread_id=thread_id, input=message("second")))

    thread = call(http, bearer, "threads.get_by_id", thread_id=thread_id).json()
    items = call(http, bearer, "items.list", thread_id=thread_id, limit=9999, order="asc").json()["data"]
    renamed = call(http, bearer, "threads.update", thread_id=thread_id, title="My chat").json()

    assert [item["type"] for item in items] == ["user_message", "assistant_message"] * 2
    assert thread["items"] == {"data": items, "has_more": False}
    assert renamed["title"] == "My chat"
    assert call(http, bearer, "threads.delete", thread_id=thread_id).json() == {}
    assert call(http, bearer, "threads.get_by_id", thread_id=thread_id).status_code == 404


def test_lists_are_paged(http: httpx.Client) -> None:
    bearer = secret(http)
    ids = [create_thread(http, bearer, text) for text in ("one", "two", "three")]

    first = call(http, bearer, "threads.list", limit=2, order="desc").json()
    second = call(http, bearer, "threads.list", limit=2, order="desc", after=first["after"]).json()

    assert [row["id"] for row in first["data"] + second["data"]] == ids[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_retry_removes_the_old_answer(http: httpx.Client) -> None:
    bearer = secret(http)
    created = events_of(call(http, bearer, "threads.create", input=message("again")))
    thread_id, question = created[0]["thread"]["id"], created[1]["item"]["id"]
    old_answer = created[-2]["item"]["id"]

    events = events_of(call(http, bearer, "threads.retry_after_item", thread_id=thread_id, item_id=question))

    assert events[0] == {"type": "thread.item.removed", "item_id": old_answer}
    items = call(http, bearer, "items.list", thread_id=thread_id).json()["data"]
    assert [item["id"] for item in items] == [question, events[-1]["item"]["id"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/error", ["error"]),
        ("/notice", ["notice"]),
        ("/lock", ["thread.updated"]),
        ("/progress", ["progress_update", "thread.item.done"]),
        ("/effect", ["client_effect"]),
    ],
)
def test_commands_send_special_events(http: httpx.Client, text: str, expected: list[str]) -> None:
    bearer = secret(http, chatkit_configuration={"automatic_thread_titling": {"enabled": False}})

    events = events_of(call(http, bearer, "threads.create", input=message(text)))

    assert [event["type"] for event in events[3:]] == expected


@pytest.mark.parametrize("secret_given", ["", "Bearer", "Bearer ek_x_00e30="])
def test_conversation_without_a_known_secret_is_refused(http: httpx.Client, secret_given: str) -> None:
    assert call(http, secret_given, "threads.list").status_code == 401


def test_conversation_with_an_expired_secret_is_refused(http: httpx.Client, fakes: Served) -> None:
    bearer = secret(http)
    fakes.state.secrets[bearer.removeprefix("Bearer ")].answer["expires_at"] = 1

    assert call(http, bearer, "threads.list").status_code == 401


def test_session_rate_limit_counts_every_call(http: httpx.Client) -> None:
    bearer = secret(http, rate_limits={"max_requests_per_1_minute": 2})

    assert [call(http, bearer, "threads.list").status_code for _ in range(3)] == [200, 200, 429]


def test_history_settings_of_the_session_limit_the_list(http: httpx.Client) -> None:
    none = secret(http, chatkit_configuration={"history": {"enabled": False}})
    one = secret(http, chatkit_configuration={"history": {"recent_threads": 1}})
    ids = [create_thread(http, none), create_thread(http, none)]

    assert call(http, none, "threads.list").json()["data"] == []
    assert [row["id"] for row in call(http, one, "threads.list").json()["data"]] == ids[1:]


def test_preflight_lets_the_frame_call(http: httpx.Client, fakes: Served) -> None:
    answer = http.options(HOSTED, headers={"Origin": "https://widgets.test"})

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert list(fakes.state.received) == []


def test_custom_server_speaks_the_same_protocol_without_a_secret(http: httpx.Client) -> None:
    body = {"type": "threads.create", "params": {"input": message("hello")}}

    thread_id = events_of(http.post(CUSTOM, json=body))[0]["thread"]["id"]

    assert thread_id.startswith("thr_")


def test_custom_server_demands_its_authorization(http: httpx.Client) -> None:
    http.post("/_control/configure", json={"authorization": "Bearer token-1"})
    body: dict[str, Any] = {"type": "threads.list", "params": {}}

    statuses = [
        http.post(CUSTOM, json=body, headers={"Authorization": value} if value else {}).status_code
        for value in ("", "Bearer other", "Bearer token-1")
    ]

    assert statuses == [401, 401, 200]


@pytest.mark.parametrize("named_by", ["header", "metadata"])
def test_custom_server_keeps_users_apart(http: httpx.Client, named_by: str) -> None:
    def list_as(user: str) -> list[str]:
        return [row["id"] for row in post_as(user, "threads.list", {}).json()["data"]]

    def post_as(user: str, kind: str, params: dict[str, Any]) -> httpx.Response:
        body = {"type": kind, "params": params}
        if named_by == "header":
            return http.post(CUSTOM, json=body, headers={"X-Chatdock-User": user})
        return http.post(CUSTOM, json=body | {"metadata": {"user": user}})

    thread_id = events_of(post_as("alice", "threads.create", {"input": message("hi")}))[0]["thread"]["id"]

    assert (list_as("alice"), list_as("charlie")) == ([thread_id], [])


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"type": "threads.list"},
        {"type": "threads.explode", "params": {}},
        {"type": "threads.create", "params": {}},
        {"type": "threads.create", "params": {"input": {"content": [{"type": "input_text", "text": "x"}]}}},
        {"type": "threads.create", "params": {"input": message("x") | {"content": []}}},
        {"type": "threads.create", "params": {"input": message("x") | {"content": [{"type": "text", "text": "x"}]}}},
    ],
)
def test_malformed_operations_are_refused(http: httpx.Client, body: Any) -> None:
    answer = http.post(CUSTOM, json=body)

    assert answer.status_code == 400
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize(("name", "status"), [("500", 500), ("403", 403), ("not-event-stream", 200), ("html", 502)])
def test_custom_server_misbehaves_once_when_told_to(http: httpx.Client, name: str, status: int) -> None:
    rule = {"fake": "chatkit-server", "match": {"type": "threads.create"}, "do": name, "times": 1}
    http.post("/_control/behave", json=rule)
    body = {"type": "threads.create", "params": {"input": message("hello")}}

    first, second = http.post(CUSTOM, json=body), http.post(CUSTOM, json=body)

    assert (first.status_code, first.headers["content-type"].startswith("text/event-stream")) == (status, False)
    assert second.headers["content-type"] == "text/event-stream"


def test_rest_lists_the_threads_of_a_project_and_of_a_user(http: httpx.Client) -> None:
    mine = create_thread(http, secret(http, "alice"), "one")
    other = create_thread(http, secret(http, "bob"), "two")

    def ids(query: str) -> list[str]:
        answer = http.get(f"/openai/v1/chatkit/threads{query}", headers=KEY).json()
        return [row["id"] for row in answer["data"]]

    assert ids("") == [other, mine]
    assert ids("?order=asc") == [mine, other]
    assert ids("?user=alice") == [mine]
    assert ids(f"?after={other}") == [mine]
    assert ids("?limit=1") == [other]
    assert http.get("/openai/v1/chatkit/threads?limit=101", headers=KEY).status_code == 400


def test_rest_reads_and_deletes_a_thread(http: httpx.Client) -> None:
    thread_id = create_thread(http, secret(http, "alice"), "one")
    path = f"/openai/v1/chatkit/threads/{thread_id}"

    thread = http.get(path, headers=KEY).json()
    items = http.get(f"{path}/items?order=asc", headers=KEY).json()
    deleted = http.delete(path, headers=KEY).json()

    assert thread == {
        "id": thread_id,
        "object": "chatkit.thread",
        "created_at": thread["created_at"],
        "title": "one",
        "status": {"type": "active"},
        "user": "alice",
    }
    assert isinstance(thread["created_at"], int)
    assert [item["type"] for item in items["data"]] == ["chatkit.user_message", "chatkit.assistant_message"]
    assert items["data"][0]["content"] == [{"type": "input_text", "text": "one"}]
    assert (items["first_id"], items["last_id"]) == (items["data"][0]["id"], items["data"][1]["id"])
    assert items["has_more"] is False
    assert deleted == {"id": thread_id, "object": "chatkit.thread.deleted", "deleted": True}
    assert http.get(path, headers=KEY).status_code == 404


def test_rest_hides_threads_of_other_projects(http: httpx.Client) -> None:
    thread_id = create_thread(http, secret(http))
    http.post("/_control/configure", json={"keys": {"sk-b": {"project": "proj_b", "workflows": []}}})
    other = KEY | {"Authorization": "Bearer sk-b"}

    assert http.get("/openai/v1/chatkit/threads", headers=other).json()["data"] == []
    assert http.get(f"/openai/v1/chatkit/threads/{thread_id}", headers=other).status_code == 404
