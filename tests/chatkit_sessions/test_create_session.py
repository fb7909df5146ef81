"""`POST /api/chatkit/create-session` against a stand-in that refuses what OpenAI refuses."""

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from analytics import incidents
from analytics.models import Incident
from chatkit_sessions import openai, records
from chatkit_sessions.models import ChatKitSession
from core.codes import MEANINGS, Code
from embed.models import VisitorSession
from licenses.models import UsageCounter
from tests.build import make_license, make_widget
from tests.fakes.behaviour import Behaviour, preset
from tests.fakes.serve import Served
from tests.fakes.state import Rule
from tests.frames import Frame, code_of
from widgets.credentials import delete_credential
from widgets.models import Credential

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "sk-demo-key-of-alice"


def open_frame(client: Client, **widget: Any) -> Frame:
    return Frame(client, make_widget(widget_type="chatkit", **widget))


def misbehave(upstream: Served, do: str, times: int | None = None) -> None:
    behaviour = Behaviour(200, {"object": "chatkit.session"}) if do == "wrong-shape" else preset(do)
    upstream.state.rules.append(Rule("openai", {}, behaviour, times))


def sent(upstream: Served) -> list[Any]:
    return [one for one in upstream.state.received if one.fake == "openai"]


def flush() -> None:
    """What is written behind the answer: one event loop ended with the request, this one writes."""

    async def drain() -> None:
        await records.writer.drain()
        await incidents.writer.drain()

    asyncio.run(drain())


def test_session_gives_a_client_secret(client: Client, upstream: Served) -> None:
    frame = open_frame(client)

    answer = frame.post("session", {})

    assert answer.status_code == 200
    body = json.loads(answer.content)
    assert sorted(body) == ["client_secret", "expires_at"]
    assert answer.headers["Cache-Control"] == "no-store"
    flush()
    row = ChatKitSession.objects.get()
    assert row.visitor_session == VisitorSession.objects.get()
    assert row.widget == frame.widget


def test_request_to_openai_is_strict(client: Client, upstream: Served) -> None:
    connection = {
        "workflow_version": "3",
        "session_seconds": 300,
        "max_files": 4,
        "recent_threads": 7,
        "title_threads": False,
    }
    attachments = {"enabled": True, "max_mb": 9}
    frame = open_frame(client, connection=connection, configuration={"composer": {"attachments": attachments}})

    assert frame.post("session", {"user": "me", "workflow": {"id": "wf_other"}}).status_code == 200

    (request,) = sent(upstream)
    assert request.path == "/openai/v1/chatkit/sessions"
    assert request.headers["openai-beta"] == "chatkit_beta=v1"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "user": VisitorSession.objects.get().visitor,
        "workflow": {"id": "wf_demo", "version": "3"},
        "expires_after": {"anchor": "created_at", "seconds": 300},
        "rate_limits": {"max_requests_per_1_minute": 30},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 9, "max_files": 4},
            "history": {"enabled": True, "recent_threads": 7},
        },
    }


def test_refresh_costs_no_quota(client: Client, upstream: Served) -> None:
    frame = open_frame(client, license=make_license(limits={"sessions_month": 1}))

    answers = [frame.post("session", {}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({json.loads(answer.content)["client_secret"] for answer in answers}) == 4
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {1}
    assert len({request.body["user"] for request in sent(upstream)}) == 1


def test_failed_start_costs_one_session_however_often_it_is_tried(client: Client, upstream: Served) -> None:
    frame = open_frame(client)
    misbehave(upstream, "500-no-retry")

    codes = [code_of(frame.post("session", {})) for _ in range(3)]

    assert codes == ["upstream_error"] * 3
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {1}


def test_session_ends_with_the_licence(client: Client, upstream: Served) -> None:
    now = timezone.now()
    license = make_license(expires_at=now - timedelta(days=7) + timedelta(seconds=200))  # seven days of grace

    open_frame(client, license=license).post("session", {})

    assert 150 < sent(upstream)[0].body["expires_after"]["seconds"] <= 200


ANSWERS = {
    "400": "openai_bad_request",
    "401": "openai_invalid_key",
    "403": "openai_forbidden",
    "404": "openai_workflow_not_found",
    "408-no-retry": "upstream_timeout",
    "409-no-retry": "upstream_error",
    "429-after-7": "openai_busy",
    "500-no-retry": "upstream_error",
    "503-no-retry": "upstream_error",
    "reset": "upstream_error",
    "junk": "upstream_malformed",
    "html": "upstream_error",
    "wrong-shape": "upstream_malformed",
}


@pytest.mark.parametrize("do", ANSWERS)
def test_each_answer_of_openai_has_its_code(client: Client, upstream: Served, do: str) -> None:
    frame = open_frame(client)
    misbehave(upstream, do)

    answer = frame.post("session", {})

    code = Code(ANSWERS[do])
    assert code_of(answer) == code
    assert answer.status_code == MEANINGS[code].status
    assert json.loads(answer.content)["error"]["message"] == MEANINGS[code].say
    flush()
    incident = Incident.objects.get()
    assert (incident.code, incident.widget) == (code, frame.widget)
    assert "key-of-alice" not in incident.detail
    assert ChatKitSession.objects.count() == 0


def test_owner_reads_openais_own_words(client: Client, upstream: Served) -> None:
    frame = open_frame(client, connection={"workflow_id": "wf_of_someone_else"})

    assert code_of(frame.post("session", {})) == "openai_workflow_not_found"

    flush()
    assert Incident.objects.get().detail == "Workflow with id '…' not found."


@pytest.mark.parametrize(("do", "tries"), [("503", 2), ("429-ms-250", 2), ("409", 2), ("reset", 2), ("400", 1)])
def test_passing_failure_is_tried_once_more(client: Client, upstream: Served, do: str, tries: int) -> None:
    frame = open_frame(client)
    misbehave(upstream, do, times=1)

    answer = frame.post("session", {})

    assert (answer.status_code == 200, len(sent(upstream))) == (tries == 2, tries)


def test_long_wait_is_passed_on(client: Client, upstream: Served) -> None:
    frame = open_frame(client)
    misbehave(upstream, "429-after-7")

    answer = frame.post("session", {})

    assert answer.headers["Retry-After"] == "7"
    assert len(sent(upstream)) == 1


def test_slow_upstream_ends_at_the_deadline(client: Client, upstream: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = open_frame(client)
    monkeypatch.setattr(openai, "DEADLINE", 0.8)
    misbehave(upstream, "hang")

    assert code_of(frame.post("session", {})) == "upstream_timeout"
    assert len(sent(upstream)) == 1


def test_breaker_pauses_a_failing_upstream(client: Client, upstream: Served) -> None:
    frame = open_frame(client)
    misbehave(upstream, "500-no-retry")

    codes = [code_of(frame.post("session", {})) for _ in range(12)]

    assert codes == ["upstream_error"] * 10 + ["upstream_paused"] * 2
    assert len(sent(upstream)) == 10


def test_bad_key_is_no_reason_to_pause(client: Client, upstream: Served) -> None:
    frame = open_frame(client)
    misbehave(upstream, "401")

    assert {code_of(frame.post("session", {})) for _ in range(12)} == {"openai_invalid_key"}


def test_missing_key(client: Client, upstream: Served) -> None:
    frame = open_frame(client)

    delete_credential(actor=None, widget=frame.widget, kind="openai_key")

    assert code_of(frame.post("session", {})) == "credential_missing"
    assert sent(upstream) == []


def test_key_of_another_row_does_not_open(client: Client, upstream: Served) -> None:
    widget = make_widget(widget_type="chatkit")
    other = make_widget(widget.license, widget_type="chatkit", name="Other")
    Credential.objects.filter(widget=widget).update(sealed=other.credentials.get().sealed)

    answer = Frame(client, widget).post("session", {})

    assert code_of(answer) == "credential_unreadable"
    assert sent(upstream) == []


def test_n8n_widget_gets_no_session(client: Client, upstream: Served) -> None:
    frame = Frame(client, make_widget())
    frame.boot["api"]["session"] = "/api/chatkit/create-session"

    assert code_of(frame.post("session", {})) == "widget_not_found"


def test_secrets_stay_out_of_answers_and_logs(
    client: Client, upstream: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    frame = open_frame(client)
    answer = frame.post("session", {})
    misbehave(upstream, "401")
    refused = frame.post("session", {})
    secret = json.loads(answer.content)["client_secret"]
    flush()

    seen = caplog.text + frame.response.content.decode() + refused.content.decode()
    assert "key-of-alice" not in seen
    assert secret not in seen
    assert "wf_demo" not in frame.response.content.decode()
