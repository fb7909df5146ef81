"""“Test connection” of n8n widgets, through the API, against the stand-in."""

import socket

import pytest

from core import outbound, reach
from core.codes import Code
from tests.build import make_license, make_organization, make_user, make_widget
from tests.fakes import serve
from tests.probes import states, step, try_it

pytestmark = pytest.mark.django_db
BASIC = "demo:pass:word"
PASSED = {"address": "ok", "credentials": "skipped", "name": "ok", "public": "ok", "reach": "ok", "tls": "skipped"}
PASSED |= {"active": "ok", "auth": "skipped"}
SECRET = "demo:wrong-password-1234"


@pytest.fixture
def standins(standins, settings) -> serve.Served:
    settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
    return standins


@pytest.fixture
def widget(standins):
    license = make_license(make_organization("Alice's shop", make_user("alice")))
    return make_widget(license, connection={"url": f"{standins.url}/n8n/webhook/demo/chat"})


@pytest.fixture
def client(client, widget):
    client.force_login(widget.organization.memberships.get().user)
    return client


def connection(standins, mode="demo", *, kind="chat_trigger", **more):
    suffix = "/chat" if kind == "chat_trigger" else ""
    return {"url": f"{standins.url}/n8n/webhook/{mode}{suffix}", "kind": kind, **more}


def test_chat_trigger_works_and_runs_nothing(client, widget, standins):
    answer = try_it(widget)
    assert states(answer) == PASSED | {"answer": "ok", "streams": "skipped"}
    assert (answer.json()["works"], answer.json()["needs_consent"], dict(standins.state.executions)) == (
        True,
        False,
        {},
    )


def test_page_offers_to_run_a_chat_trigger_once(client, widget, standins):
    path = f"/o/alices-shop/widgets/{widget.public_id}/test/n8n/"
    asked = client.post(path).content.decode()
    assert "The connection works" in asked
    assert "Only a real message tells whether the answer streams. It gets the message" in asked
    ran = client.post(path, {"consent": "1"})
    assert {step.id: step.state for step in ran.context["report"].steps} == PASSED | {"answer": "ok", "streams": "ok"}
    assert ("Run the workflow once?" in ran.content.decode(), dict(standins.state.executions)) == (False, {"demo": 1})


def test_typed_values_are_tried_and_not_kept(client, widget, standins):
    typed = connection(standins, "basic-auth", auth="basic")
    answer = try_it(widget, connection=typed, secrets={"n8n_auth": BASIC})
    assert (states(answer)["credentials"], states(answer)["auth"]) == ("ok", "ok")
    before = widget.draft_revision
    widget.refresh_from_db()
    assert (widget.draft_revision, widget.credentials.count()) == (before, 0)


@pytest.mark.parametrize(
    ("mode", "failed", "found"),
    [
        ("inactive", "active", "is not registered"),
        ("public-false", "active", "HTTP 404"),
        ("n8n-user", "auth", "User not authenticated!"),
        ("memory-unwired", "answer", "Workflow could not be started"),
        ("redirect", "answer", "HTTP 307"),
        ("reset", "answer", "closed before"),
    ],
)
def test_step_that_fails_says_why(client, widget, standins, mode, failed, found):
    answer = try_it(widget, connection=connection(standins, mode))
    assert [id for id, state in states(answer).items() if state == "failed"] == [failed]
    assert found in step(answer, failed)["reason"]
    assert step(answer, failed)["todo"]
    assert answer.json()["works"] is False


def test_what_comes_after_a_failure_is_skipped(client, widget, standins):
    found = states(try_it(widget, connection=connection(standins, "inactive")))
    assert found == PASSED | {"active": "failed", "auth": "skipped", "answer": "skipped", "streams": "skipped"}


def test_wrong_credentials_are_told_without_them(client, widget, standins):
    typed = connection(standins, "basic-auth", auth="basic")
    answer = try_it(widget, connection=typed, secrets={"n8n_auth": SECRET})
    assert states(answer)["auth"] == "failed"
    body = answer.content.decode()
    assert ("wrong-password" in body, "/webhook/" in answer.json()["diagnostics"]) == (False, False)


def test_credentials_that_are_missing(client, widget, standins):
    answer = try_it(widget, connection=connection(standins, "basic-auth", auth="basic"))
    assert (states(answer)["credentials"], standins.state.received_by("n8n")) == ("failed", [])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", "There is none."),
        ("https://n8n.example.com/webhook-test/x/chat", "This is the test URL"),
    ],
)
def test_address_that_cannot_be_right(client, widget, url, found):
    answer = try_it(widget, connection={"url": url})
    assert (states(answer)["address"], found in step(answer, "address")["reason"]) == ("failed", True)


def test_address_that_is_not_public_is_refused_as_saving_it_is(client, widget):
    answer = try_it(widget, connection={"url": "https://10.0.0.1/webhook/x/chat"})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (
        400,
        {"Webhook URL": "This address is private or reserved. Enter one that the internet reaches."},
    )


def test_host_that_does_not_answer(client, widget, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    answer = try_it(widget, connection={"url": "http://127.0.0.1:9/webhook/x/chat"})
    assert (states(answer)["public"], step(answer, "public")["label"], step(answer, "reach")["reason"]) == (
        "ok",
        "The address is allowed on this installation",
        reach.REFUSED,
    )


@pytest.mark.parametrize(
    ("found", "failed", "reason"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "name", reach.NAME_UNKNOWN),
        (socket.gaierror(socket.EAI_AGAIN, "away"), "name", reach.NAME_UNANSWERED),
        (TimeoutError(), "name", reach.NAME_UNANSWERED),
        ("10.0.0.1", "public", reach.NOT_PUBLIC),
    ],
)
@pytest.mark.parametrize("kind", ["chat_trigger", "webhook"])
def test_name_that_leads_nowhere_or_inside(client, widget, monkeypatch, found, failed, reason, kind):
    resolve_to(monkeypatch, found)
    answer = try_it(widget, connection={"url": "https://n8n.example.com/webhook/x/chat", "kind": kind})
    at = list(states(answer)).index(failed)
    assert list(states(answer).values())[:at] == ["ok", "skipped", "ok"][:at]
    assert (set(list(states(answer).values())[at + 1 :]), states(answer)[failed]) == ({"skipped"}, "failed")
    assert (step(answer, failed)["reason"], "10.0.0.1" in answer.content.decode()) == (reason, False)
    assert step(answer, failed)["todo"]


def test_webhook_node_asks_before_it_runs(client, widget, standins):
    answer = try_it(widget, connection=connection(standins, kind="webhook"))
    assert (answer.json()["needs_consent"], answer.json()["works"]) == (True, False)
    assert states(answer) == PASSED | {"active": "skipped", "answer": "skipped", "streams": "skipped"}
    assert dict(standins.state.executions) == {}


def test_webhook_node_runs_once_with_consent(client, widget, standins):
    answer = try_it(widget, connection=connection(standins, kind="webhook"), consent=True)
    assert (answer.json()["works"], states(answer)["answer"]) == (True, "ok")
    assert dict(standins.state.executions) == {"webhook:demo": 1}


def test_with_consent_a_stream_is_seen(client, widget, standins):
    answer = try_it(widget, consent=True)
    assert states(answer) == PASSED | {"answer": "ok", "streams": "ok"}
    assert dict(standins.state.executions) == {"demo": 1}


def test_workflow_that_fails_with_consent(client, widget, standins):
    answer = try_it(widget, connection=connection(standins, "node-error"), consent=True)
    assert states(answer)["answer"] == "failed"


@pytest.mark.parametrize(
    ("reason", "failed"), [(reason, "tls") for reason in sorted(reach.TLS_FAULTS)] + [("There was no answer.", "reach")]
)
def test_fault_on_the_way_fails_its_own_step(client, widget, monkeypatch, reason, failed):
    async def refuse(*arguments, **more):
        raise outbound.OutboundError(Code.UPSTREAM_UNREACHABLE, reason)

    resolve_to(monkeypatch, "1.1.1.1")
    monkeypatch.setattr(outbound, "send", refuse)
    answer = try_it(widget, connection={"url": "https://n8n.example.com/webhook/x/chat"})
    assert [id for id, state in states(answer).items() if state == "failed"] == [failed]
    assert (states(answer)["name"], states(answer)["public"]) == ("ok", "ok")
    assert (step(answer, "public")["label"], step(answer, failed)["reason"]) == ("The address is a public one", reason)
    assert step(answer, failed)["todo"]


def resolve_to(monkeypatch, found):
    async def look_up(host, port):
        if isinstance(found, Exception):
            raise found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(reach, "look_up", look_up)
