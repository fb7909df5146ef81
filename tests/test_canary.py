"""Secrets planted in every place that takes one, then looked for in everything that leaves the process."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.permissions import Role
from accounts.services import add_member
from analytics import incidents
from chatkit_sessions import records
from core import crypto
from tests.build import make_license, make_user, make_widget
from tests.fakes import serve
from tests.fakes.behaviour import preset
from tests.fakes.state import Rule
from tests.frames import Frame
from tests.trials import Trial, base, press, tokens_of
from tests.trials import typed as form_of
from widgets.models import Widget

pytestmark = pytest.mark.django_db(transaction=True)

OPENAI_KEY = "sk-demo-CANARYopenai0000000000"
N8N_SECRET = "CANARYn8n00000000000000"
IDENTITY = "CANARYidentity00000000000000000000"
SERVER = "CANARYserver0000000000"
WORKFLOW = "wf_CANARYworkflow"
CANARY = "CANARY"


@pytest.fixture
def upstream(settings: Any) -> Any:
    with serve.served() as standins:
        settings.OPENAI_BASE_URL = f"{standins.url}/openai/v1"
        settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
        yield standins


@pytest.fixture
def widgets(upstream: serve.Served) -> list[Widget]:
    license = make_license()
    n8n = make_widget(
        license,
        name="n8n",
        connection={"url": f"{upstream.url}/n8n/webhook/echo-json/chat?{CANARY}", "auth": "headers"},
        secrets={"n8n_auth": json.dumps({"Authorization": f"Bearer {N8N_SECRET}"}), "identity_secret": IDENTITY},
    )
    secrets = {"openai_key": OPENAI_KEY, "chatkit_server": json.dumps({"Authorization": SERVER})}
    chatkit = make_widget(license, "chatkit", name="kit", connection={"workflow_id": WORKFLOW}, secrets=secrets)
    return [n8n, chatkit]


def read(response: Any) -> str:
    """All of an answer: headers and body, streams too."""
    if not response.streaming:
        return f"{response.headers} {response.content.decode()}"

    async def read_all() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return f"{response.headers} {asyncio.run(read_all()).decode()}"


def drain() -> None:
    async def both() -> None:
        await incidents.writer.drain()
        await records.writer.drain()

    asyncio.run(both())


def visit(client: Client, widget: Widget, upstream: serve.Served) -> str:
    """A visitor's requests to the widget, well and badly answered; all that came back."""
    frame = Frame(client, widget)
    calls = {"n8n": ("messages", {"conversation": "c" * 20, "text": "hello"}), "chatkit": ("session", {})}
    seen = [read(frame.response), read(client.get(f"/api/widget/{widget.license.public_id}/chat-widget.js"))]
    for do in (None, "401", "500", "junk", "reset"):
        upstream.state.rules.clear()
        for fake in ("openai", "n8n") if do else ():
            upstream.state.rules.append(Rule(fake, {}, preset(str(do)), None))
        seen.append(read(frame.post(*calls[widget.widget_type])))
    return "\n".join(seen)


def test_no_secret_leaves(
    client: Client, upstream: serve.Served, widgets: list[Widget], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    seen = "\n".join(visit(client, widget, upstream) for widget in widgets)
    drain()

    sent = json.dumps([request.headers for request in upstream.state.received])
    assert OPENAI_KEY in sent
    assert N8N_SECRET in sent
    assert CANARY not in seen
    assert CANARY not in caplog.text
    audit = json.dumps(list(AuditEvent.objects.values("action", "target", "details")))
    assert "credential.set" in audit
    assert CANARY not in audit


def test_typed_and_unsaved_secrets_leave_no_trace(
    client: Client, upstream: serve.Served, widgets: list[Widget], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    alice = make_user("alice")
    add_member(actor=None, organization=widgets[0].organization, user=alice, role=Role.OWNER)
    client.force_login(alice)
    headers = json.dumps({"Authorization": "TYPED-CANARY-n8n"})
    url = f"{upstream.url}/n8n/webhook/echo-json/chat?TYPED-CANARY"
    typed: list[dict[str, str]] = [
        {"url": url, "auth": "headers", "n8n_auth": headers, "identity_secret": "TYPED-CANARY" * 4},
        {"openai_key": "sk-demo-TYPED-CANARY-openai", "workflow_id": "wf_TYPEDCANARY"},
    ]
    calls: list[tuple[str, Any]] = [("messages", {"conversation": "c" * 20, "text": "hello"}), ("session", {})]

    seen = []
    for widget, values, call in zip(widgets, typed, calls, strict=True):
        pressed = press(client, widget, form_of(client, widget, **values))
        trial = Trial(Client(), widget, tokens_of(pressed))
        seen += [read(pressed), read(trial.response), *(read(trial.post(*call)) for _ in range(2))]
        secrets = {kind.id: values[kind.id] for kind in widget.type.credentials if kind.id in values}
        told = client.post(f"{base(widget)}preview-secrets/", {"secrets": secrets}, content_type="application/json")
        seen += [read(told), read(trial.post(*call, X_Chatdock_Page=told.json()["page"]))]
    drain()
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)

    assert "TYPED-CANARY-n8n" in json.dumps([request.headers for request in upstream.state.received])
    everywhere = [*seen, caplog.text, dump.getvalue(), repr(getattr(cache, "_cache", {}))]
    assert [text for text in everywhere if "CANARY" in text] == []


def test_database_holds_ciphertext_alone(client: Client, upstream: serve.Served, widgets: list[Widget]) -> None:
    for widget in widgets:
        visit(client, widget, upstream)
    drain()

    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)

    assert widgets[0].public_id in dump.getvalue()
    assert CANARY not in dump.getvalue()


def test_admin_shows_no_secret(client: Client, widgets: list[Widget]) -> None:
    client.force_login(make_user("alice", is_staff=True, is_superuser=True))
    pages = 0

    for model in site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        page = client.get(reverse(f"{names}_changelist"))
        texts = [page.content.decode()]
        for row in model._default_manager.all()[:5]:
            texts.append(client.get(reverse(f"{names}_change", args=[row.pk])).content.decode())
        pages += len(texts)
        for text in texts:
            assert CANARY not in text
            for credential in widgets[0].credentials.all():
                assert credential.sealed not in text

    assert pages > 10


def test_cache_and_tasks_hold_no_secret(client: Client, upstream: serve.Served, widgets: list[Widget]) -> None:
    for widget in widgets:
        visit(client, widget, upstream)

    local = getattr(cache, "_cache", {})
    assert CANARY not in repr(local)


def test_secret_never_prints() -> None:
    secret = crypto.Secret(CANARY)

    assert CANARY not in f"{secret} {secret!r} {[secret]} {json.dumps({'s': str(secret)})}"
