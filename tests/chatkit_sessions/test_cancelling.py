"""Stopping a widget, a licence or an organization ends its live sessions at OpenAI."""

import asyncio
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chatkit_sessions import cancelling, records
from chatkit_sessions.cancelling import KEEP, cancel_stopped_sessions, delete_old_sessions
from chatkit_sessions.models import ChatKitSession
from core.crypto import seal
from licenses.domains import parse_rule
from licenses.services import add_domains, remove_domain
from tests.build import make_license, make_organization, make_widget
from tests.embed.test_gate import STOPS
from tests.fakes.behaviour import preset
from tests.fakes.serve import Served
from tests.fakes.state import Rule
from tests.frames import Frame
from widgets.models import Widget, connection_context

pytestmark = pytest.mark.django_db(transaction=True)


def start(client: Client, name: str = "Alice's") -> Frame:
    frame = Frame(client, make_widget(make_license(make_organization(name)), "chatkit"))
    assert frame.post("session", {}).status_code == 200
    asyncio.run(records.writer.drain())
    return frame


@pytest.mark.parametrize("why", STOPS)
def test_what_is_stopped_is_cancelled_and_nothing_else(client: Client, upstream: Served, why: str) -> None:
    frame, other = start(client), start(client, "Charlie's")

    STOPS[why](frame.widget)

    assert cancel_stopped_sessions(now=timezone.now()) == 1
    states = [session.answer["status"] for session in upstream.state.sessions.values()]
    assert states == ["cancelled", "active"]
    assert ChatKitSession.objects.get(widget=other.widget).cancelled_at is None
    assert cancel_stopped_sessions(now=timezone.now()) == 0


def test_removing_a_site_ends_its_sessions_and_no_others(client: Client, upstream: Served) -> None:
    frame = start(client)
    license = frame.widget.license
    add_domains(actor=None, license=license, rules=[parse_rule("other.test")])
    full_page = Frame(client, frame.widget, full_page=True)
    elsewhere = Frame(client, frame.widget, site="https://other.test")
    for other in (full_page, elsewhere):
        assert other.post("session", {}).status_code == 200
    asyncio.run(records.writer.drain())
    assert cancel_stopped_sessions(now=timezone.now()) == 0

    remove_domain(actor=None, rule=license.domain_rules.get(host="shop.test"))

    assert cancel_stopped_sessions(now=timezone.now()) == 1
    assert ChatKitSession.objects.exclude(cancelled_at=None).get().origin == "https://shop.test"


def test_failure_is_tried_again(client: Client, upstream: Served) -> None:
    frame = start(client)
    STOPS["license_suspended"](frame.widget)
    upstream.state.rules.append(Rule("openai", {}, preset("503"), 1))

    assert [cancel_stopped_sessions(now=timezone.now()) for _ in range(3)] == [0, 1, 0]


def test_widgets_that_cannot_be_read_do_not_stand_in_the_way(
    client: Client, upstream: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancelling, "MOST", 2)
    frames = [start(client, name) for name in ("Alice's", "Bob's", "Charlie's")]
    for frame in frames:
        STOPS["widget_disabled"](frame.widget)
    frames[1].widget.credentials.all().delete()
    context = connection_context(frames[2].widget.public_id)
    Widget.objects.filter(pk=frames[2].widget.pk).update(
        draft_connection=seal('{"of": "a later release"}', context=context)
    )

    assert sum(cancel_stopped_sessions(now=timezone.now()) for _ in range(3)) == 1
    assert upstream.state.received[-1].path.endswith("/cancel")


def test_expired_sessions_need_no_cancelling(client: Client, upstream: Served) -> None:
    frame = start(client)
    STOPS["license_revoked"](frame.widget)

    assert cancel_stopped_sessions(now=timezone.now() + timedelta(seconds=601)) == 0


def test_old_rows_are_deleted(client: Client, upstream: Served) -> None:
    start(client)

    assert delete_old_sessions(now=timezone.now() + KEEP) == 0
    assert delete_old_sessions(now=timezone.now() + KEEP + timedelta(seconds=601)) == 1
