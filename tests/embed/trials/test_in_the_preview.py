"""Secrets typed for the configurator's own preview: its chat uses them, nobody else's does, and nothing is kept."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as deployed
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Membership, User
from accounts.permissions import Role
from embed.models import VisitorSession
from embed.previews import mint_preview
from tests.embed.trials import STORED, TYPED
from tests.fakes.serve import Served
from tests.frames import Frame, boot_of, code_of
from tests.guests import as_guest
from tests.trials import base
from widgets.models import Credential, Widget

pytestmark = pytest.mark.django_db(transaction=True)


def use(client: Client, widget: Widget, **secrets: Any) -> Any:
    """“Use in the preview”."""
    body = json.dumps({"secrets": secrets})
    return client.post(f"{base(widget)}preview-secrets/", body, content_type="application/json")


def preview(widget: Widget, editor: User, page_token: str) -> Frame:
    """The preview's frame, once the dashboard has told it to begin with this page token."""
    frame = Frame(Client(), widget, site=deployed.DASHBOARD_URL)
    ids = {"license_id": widget.license.public_id, "widget_id": widget.public_id}
    frame._open(f"{frame.path}&preview={mint_preview(**ids, editor=editor.pk)}")
    frame.headers["X-Chatdock-Page"] = page_token
    return frame


def test_typed_key_makes_the_previews_session(client: Client, kit: Widget, alice: User, upstream: Served) -> None:
    told = use(client, kit, openai_key=TYPED)
    answer = preview(kit, alice, told.json()["page"]).post("session", {})

    assert (told.status_code, told.json()["seconds"], answer.status_code) == (200, 600, 200)
    assert upstream.state.received_by("openai")[-1].headers["authorization"] == f"Bearer {TYPED}"
    assert VisitorSession.objects.get().is_test
    assert [credential.last4 for credential in Credential.objects.all()] == [STORED[-4:]]
    assert TYPED not in told.content.decode()


def test_chat_waits_for_what_the_dashboard_says(client: Client, kit: Widget, alice: User) -> None:
    page = preview(kit, alice, "").response.content.decode()
    script = boot_of(page)["configurator"]["script"]
    assert (script.startswith("/embed/frame-chatkit."), f'src="{script}"' in page) == (True, False)


def test_identified_visitor_is_signed_with_what_is_typed(
    client: Client, kit: Widget, alice: User, upstream: Served
) -> None:
    Widget.objects.update(draft=kit.draft | {"visitors": kit.draft["visitors"] | {"identity": "required"}})
    told = use(client, kit, openai_key=TYPED, identity_secret="t" * 40).json()
    frame = preview(kit, alice, told["page"])
    assert code_of(frame.post("session", {}, X_Chatdock_Identity="no.token.atall")) == "identity_invalid"
    assert frame.post("session", {}, X_Chatdock_Identity=told["identity"]).status_code == 200
    assert use(client, kit, openai_key=TYPED).json()["identity"] is None


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ({"openai_key": "no key"}, 'OpenAI API key":"An OpenAI API key starts with sk-'),
        ({"chatkit_server": json.dumps({"Authorization": "p" * 4000})}, 'message":"What is typed is too long'),
    ],
)
def test_what_cannot_be_used_is_told(client: Client, kit: Widget, secrets: dict[str, str], told: str) -> None:
    answer = use(client, kit, **secrets)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)


def test_what_is_no_set_of_secrets_is_refused(client: Client, kit: Widget) -> None:
    assert [use(client, kit, **wrong).status_code for wrong in ({"other": "x"}, {"openai_key": 1})] == [400, 400]


def test_who_has_been_logged_in_for_long_is_asked_first(client: Client, kit: Widget) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        answer = use(client, kit, openai_key=TYPED)
    assert (answer.status_code, answer.json()["login_url"].partition("?")[0]) == (403, "/reauthenticate/")


def test_editors_cannot_and_are_not_offered_it(client: Client, kit: Widget) -> None:
    assert 'id="open-secrets"' in client.get(base(kit)).content.decode()
    Membership.objects.update(role=Role.EDITOR)
    assert 'id="open-secrets"' not in client.get(base(kit)).content.decode()
    assert use(client, kit, openai_key=TYPED).status_code == 403


def test_right_that_is_lost_ends_it(client: Client, kit: Widget, alice: User, upstream: Served) -> None:
    frame = preview(kit, alice, use(client, kit, openai_key=TYPED).json()["page"])
    Membership.objects.update(role=Role.EDITOR)
    assert code_of(frame.post("session", {})) == "widget_not_found"


def test_it_ends_after_ten_minutes(client: Client, kit: Widget, alice: User, upstream: Served) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        frame = preview(kit, alice, use(client, kit, openai_key=TYPED).json()["page"])
        clock.shift(timedelta(seconds=601))
        assert code_of(frame.post("session", {})) == "token_invalid"


def test_guests_use_is_told(kit: Widget) -> None:
    assert use(as_guest(kit.organization, "credentials"), kit, openai_key=TYPED).status_code == 200
    assert AuditEvent.objects.get(action="connection.tried").actor.email == "charlie@example.com"
