import asyncio
import time
from typing import Any

import aiohttp
import httpx
import pytest

from tests.fakes.behaviour import Behaviour, preset
from tests.fakes.serve import Served

MESSAGE = {"chatInput": "hello"}


def test_requests_are_written_down(http: httpx.Client) -> None:
    http.post("/n8n/webhook/echo-json/chat?a=1", json=MESSAGE, headers={"X-Test": "yes"})
    http.post("/chatkit-server", json={})

    (received,) = http.get("/_control/requests?fake=n8n&path=/chat").json()["requests"]

    headers = received.pop("headers")
    assert (headers["x-test"], headers["content-type"]) == ("yes", "application/json")
    assert received == {
        "fake": "n8n",
        "method": "POST",
        "path": "/n8n/webhook/echo-json/chat",
        "query": {"a": "1"},
        "body": MESSAGE,
    }


def test_uploads_are_written_down_as_facts(http: httpx.Client) -> None:
    http.post("/n8n/webhook/files/chat", data=MESSAGE, files=[("files", ("a.txt", b"abc", "text/plain"))])

    (received,) = http.get("/_control/requests").json()["requests"]

    assert received["body"] == {
        "fields": MESSAGE,
        "files": [{"name": "files", "filename": "a.txt", "content_type": "text/plain", "size": 3}],
    }


def test_rule_applies_to_what_it_matches_as_often_as_it_says(http: httpx.Client) -> None:
    rule = {"fake": "n8n", "match": {"mode": "text"}, "do": "503", "times": 2}
    http.post("/_control/behave", json=rule)

    def status(mode: str) -> int:
        return http.post(f"/n8n/webhook/{mode}/chat", json=MESSAGE).status_code

    assert [status(mode) for mode in ("echo-json", "text", "text", "text")] == [200, 503, 503, 200]


@pytest.mark.parametrize("match", [{"key": "sk-demo-1"}, {"workflow": "wf_demo"}, {"user": "alice"}])
def test_rule_for_openai_matches_key_workflow_or_user(http: httpx.Client, match: dict[str, str]) -> None:
    http.post("/_control/behave", json={"fake": "openai", "match": match, "do": "503"})
    http.post("/_control/configure", json={"keys": {"sk-x": {"project": "p", "workflows": ["wf_x"]}}})

    def status(key: str, workflow: str, user: str) -> int:
        headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "chatkit_beta=v1"}
        body = {"user": user, "workflow": {"id": workflow}}
        return http.post("/openai/v1/chatkit/sessions", json=body, headers=headers).status_code

    assert (status("sk-demo-1", "wf_demo", "alice"), status("sk-x", "wf_x", "bob")) == (503, 200)


def test_rule_may_give_the_whole_answer(http: httpx.Client) -> None:
    do = {"status": 418, "body": {"short": "stout"}, "headers": {"X-Pot": "tea"}, "delay": 0.1}
    http.post("/_control/behave", json={"fake": "openai", "match": {"path": "/sessions"}, "do": do})
    start = time.monotonic()

    answer = http.post("/openai/v1/chatkit/sessions", json={})

    assert (answer.status_code, answer.json(), answer.headers["x-pot"]) == (418, {"short": "stout"}, "tea")
    assert time.monotonic() - start >= 0.1


@pytest.mark.parametrize(
    "body",
    [
        {"fake": "nobody", "do": "500"},
        {"fake": "n8n"},
        {"fake": "n8n", "do": "explode"},
        {"fake": "n8n", "do": {"colour": "blue"}},
    ],
)
def test_rules_that_make_no_sense_are_refused(http: httpx.Client, body: dict[str, Any]) -> None:
    assert http.post("/_control/behave", json=body).status_code == 400


def test_settings_that_do_not_exist_are_refused(http: httpx.Client) -> None:
    assert http.post("/_control/configure", json={"colour": "blue"}).status_code == 400


def test_reset_forgets_everything(http: httpx.Client, fakes: Served) -> None:
    http.post("/_control/configure", json={"authorization": "Bearer x", "token_pause": 0.5})
    http.post("/_control/behave", json={"fake": "n8n", "do": "500"})
    http.post("/n8n/webhook/memory/chat", json=MESSAGE)

    http.post("/_control/reset")

    assert http.post("/n8n/webhook/echo-json/chat", json=MESSAGE).status_code == 200
    assert http.get("/_control/executions").json() == {"echo-json": 1}
    assert (fakes.state.authorization, fakes.state.memories) == (None, {})
    assert fakes.state.token_pause == 0.5


def test_sessions_are_listed(http: httpx.Client) -> None:
    headers = {"Authorization": "Bearer sk-demo-1", "OpenAI-Beta": "chatkit_beta=v1"}
    body = {"user": "alice", "workflow": {"id": "wf_demo"}}
    session = http.post("/openai/v1/chatkit/sessions", json=body, headers=headers).json()

    assert http.get("/_control/sessions").json() == {"sessions": [session]}


def test_presets_have_names() -> None:
    assert preset("429_after_7") == preset("429-after-7") == Behaviour(429, headers={"retry-after": "7"})
    assert preset("slow-1.5") == Behaviour(delay=1.5)
    with pytest.raises(ValueError, match="no such behaviour: nonsense"):
        preset("nonsense")


async def test_many_requests_at_once_are_all_answered(fakes: Served) -> None:
    url = f"{fakes.url}/n8n/webhook/stream/chat"

    async def ask(session: aiohttp.ClientSession, number: int) -> bool:
        async with session.post(url, json={"chatInput": f"number {number}"}) as answer:
            return answer.status == 200 and (await answer.text()).count('"type": "item"') == 10

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        answered = await asyncio.gather(*(ask(session, number) for number in range(256)))

    assert answered == [True] * 256
