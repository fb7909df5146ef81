"""What is typed and not saved works in the test chat, for its author alone, and is nowhere afterwards."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Membership, User
from accounts.permissions import Role
from accounts.services import add_member
from chatkit_sessions import records
from chatkit_sessions.cancelling import cancel_stopped_sessions
from chatkit_sessions.models import ChatKitSession
from embed.models import VisitorSession
from tests.build import make_user
from tests.embed.trials import STORED, TYPED
from tests.fakes.serve import Served
from tests.frames import Frame, code_of
from tests.guests import as_guest
from tests.test_canary import drain, read
from tests.trials import Trial, base, open_trial, press, tokens_of, typed
from widgets.credentials import set_credential
from widgets.models import Widget
from widgets.services import set_enabled

pytestmark = pytest.mark.django_db(transaction=True)


def talk(frame: Frame) -> Any:
    return frame.post("messages", {"conversation": "c" * 20, "text": "hello"})


def auth_of(upstream: Served, fake: str) -> list[str | None]:
    return [request.headers.get("authorization") for request in upstream.state.received_by(fake)]


def test_typed_openai_key_makes_the_session(client: Client, kit: Widget, upstream: Served) -> None:
    trial = open_trial(client, kit, openai_key=TYPED, workflow_id="wf_demo_v01")
    answer = trial.post("session", {})

    assert (answer.status_code, trial.boot["page"], trial.boot["version"]) == (200, True, 0)
    sent = upstream.state.received_by("openai")[-1]
    assert (sent.headers["authorization"], sent.body["workflow"]["id"]) == (f"Bearer {TYPED}", "wf_demo_v01")
    session = VisitorSession.objects.get()
    assert (session.is_test, VisitorSession.objects.counted().count()) == (True, 0)


def test_typed_server_and_its_token_are_used(client: Client, kit: Widget, upstream: Served) -> None:
    upstream.state.authorization = "Bearer typed"
    server = {"url": f"{upstream.url}/chatkit-server", "chatkit_server": json.dumps({"Authorization": "Bearer typed"})}
    trial = open_trial(client, kit, backend="custom", **server)

    answer = trial.post("backend", {"type": "threads.list", "params": {"limit": 1, "order": "desc"}})

    assert trial.boot["config"]["backend"] == "custom"
    assert (answer.status_code, auth_of(upstream, "chatkit-server")[-1]) == (200, "Bearer typed")


def test_typed_webhook_and_its_credentials_are_used(client: Client, make: Any, upstream: Served) -> None:
    widget = make(connection={"url": "https://n8n.example.com/webhook/away/chat"})
    url = f"{upstream.url}/n8n/webhook/echo-json/chat"
    trial = open_trial(client, widget, url=url, auth="headers", n8n_auth=json.dumps({"Authorization": "typed"}))

    assert "hello" in read(talk(trial))
    assert auth_of(upstream, "n8n") == ["typed"]


def test_what_is_not_typed_is_taken_as_it_is_stored(client: Client, kit: Widget, upstream: Served) -> None:
    open_trial(client, kit, workflow_id="wf_demo_v01").post("session", {})
    assert auth_of(upstream, "openai") == [f"Bearer {STORED}"]


def test_stored_secret_does_not_follow_a_typed_address(client: Client, make: Any, upstream: Served) -> None:
    away = {"url": "https://n8n.example.com/webhook/away/chat", "auth": "basic"}
    stored = make(connection=away, secrets={"n8n_auth": "demo:stored"})
    typed_url = f"{upstream.url}/n8n/webhook/echo-json/chat"
    refused = press(client, stored, typed(client, stored, url=typed_url))
    assert (refused.status_code, [label for _, label, _ in refused.context["wrong"]]) == (
        422,
        ["Webhook credentials"],
    )

    later = make(connection=away, publish=False)  # the secret comes when the test chat is open already
    trial = open_trial(client, later, url=typed_url)
    set_credential(actor=None, widget=later, kind="n8n_auth", secret="demo:stored", now=timezone.now())
    assert code_of(talk(trial)) == "credential_missing"
    assert auth_of(upstream, "n8n") == []


def test_guests_test_chat_is_told(make: Any) -> None:
    widget = make("chatkit", connection={"backend": "custom", "url": "https://kit.example.com/x"})
    guest = as_guest(widget.organization, "credentials")
    assert press(guest, widget, typed(guest, widget)).status_code == 200
    line = AuditEvent.objects.get(action="connection.tried")
    assert (line.actor.email, line.on_behalf_of.name) == ("charlie@example.com", "Agency of charlie")
    assert line.details == {"secrets_to": ["https://kit.example.com:443"]}


def test_typed_identity_secret_judges_the_visitor(client: Client, make: Any) -> None:
    widget = make(
        configuration={"visitors": {"identity": "optional"}}, secrets={"identity_secret": "s" * 40}, publish=False
    )
    trial = open_trial(client, widget, identity_secret="t" * 40)
    assert code_of(trial.post("history", X_Chatdock_Identity="no.token.atall")) == "identity_invalid"


def test_nothing_of_it_is_stored(client: Client, kit: Widget, upstream: Served) -> None:
    before = AuditEvent.objects.count()
    open_trial(client, kit, openai_key=TYPED).post("session", {})
    drain()

    credential = kit.credentials.get()
    stored = Widget.objects.get()
    assert (credential.last4, credential.updated_at) == (STORED[-4:], kit.credentials.get().updated_at)
    assert (stored.draft_connection, stored.draft_revision) == (kit.draft_connection, kit.draft_revision)
    assert AuditEvent.objects.count() == before


def test_token_says_nothing_to_who_reads_it(client: Client, kit: Widget) -> None:
    response = press(client, kit, typed(client, kit, openai_key=TYPED, workflow_id="wf_demo_v01"))
    page = response.content.decode()
    assert (response.status_code, TYPED in page, "wf_demo_v01" in page) == (200, False, False)
    assert "form-action 'self' http://testserver" in response["Content-Security-Policy"]


def test_it_ends_after_ten_minutes(client: Client, kit: Widget, upstream: Served) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        trial = open_trial(client, kit, openai_key=TYPED)
        clock.shift(timedelta(seconds=599))
        assert trial.post("session", {}).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert code_of(trial.post("session", {})) == "token_invalid"


def test_it_is_of_one_widget_one_person_and_the_draft(client: Client, make: Any, kit: Widget, alice: User) -> None:
    mine = tokens_of(press(client, kit, typed(client, kit, openai_key=TYPED)))
    bob, other = make_user("bob"), make("chatkit")
    add_member(actor=None, organization=kit.organization, user=bob, role=Role.ADMIN)
    others = tokens_of(press(client, other, typed(client, other)))
    client.force_login(bob)
    bobs = tokens_of(press(client, kit, typed(client, kit)))

    for foreign in (others, bobs):
        crossed = Trial(Client(), kit, {"preview": foreign["preview"], "trial": mine["trial"]})
        assert crossed.code == "token_invalid"
    assert Trial(Client(), kit, {"preview": "made up", "trial": mine["trial"]}).code == "token_invalid"


def test_live_chat_takes_no_notice_of_it(client: Client, make: Any, upstream: Served) -> None:
    widget = make("chatkit", secrets={"openai_key": STORED})
    mine = tokens_of(press(client, widget, typed(client, widget, openai_key=TYPED)))
    live = Frame(Client(), widget)
    assert code_of(live.post("session", {}, X_Chatdock_Page=mine["trial"])) == "token_invalid"
    assert auth_of(upstream, "openai") == []


def test_who_may_no_longer_set_secrets_tries_none(client: Client, kit: Widget, upstream: Served) -> None:
    trial = open_trial(client, kit, openai_key=TYPED)
    Membership.objects.update(role=Role.EDITOR)
    assert code_of(trial.post("session", {})) == "widget_not_found"
    assert press(client, kit, {}).status_code == 403


def test_what_saving_would_refuse_is_told(client: Client, kit: Widget) -> None:
    response = press(client, kit, typed(client, kit, openai_key="no key"))
    assert (response.status_code, tokens_of(response)) == (422, {})
    assert "An OpenAI API key starts with sk-" in response.content.decode()


def test_what_is_too_long_is_told(client: Client, make: Any) -> None:
    widget = make(publish=False)
    response = press(client, widget, typed(client, widget, n8n_auth=f"user:{'p' * 4000}"))
    assert (response.status_code, "too long to be tried unsaved" in response.content.decode()) == (422, True)


def test_session_of_a_test_outlives_that_the_widget_is_off(client: Client, kit: Widget, upstream: Served) -> None:
    open_trial(client, kit).post("session", {})
    asyncio.run(records.writer.drain())
    set_enabled(actor=None, widget=kit, enabled=False)
    assert (ChatKitSession.objects.count(), cancel_stopped_sessions(now=timezone.now())) == (1, 0)


def test_page_is_for_who_may_set_secrets(client: Client, kit: Widget) -> None:
    assert "Open a test chat" in client.get(f"{base(kit)}connection/").content.decode()
