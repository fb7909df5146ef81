"""The preview shows the draft to those who may edit it, and nothing that happens in it counts."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import Membership, User
from accounts.permissions import Role
from accounts.services import add_member
from analytics import counting, incidents, origins
from core import tokens
from embed.models import VisitorSession
from embed.previews import Look, load, mint_preview
from embed.visitors import Page, mint_page, read_page
from tests.build import make_license, make_organization, make_user, make_widget
from tests.frames import Frame, code_of
from tests.test_canary import read
from widgets.models import Widget
from widgets.services import save_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def widget(alice: User) -> Widget:
    widget = make_widget(make_license(make_organization("Alice's shop", alice), limits={"sessions_day": 0}))
    texts = {**widget.draft["texts"], "title": "Only a draft"}
    return save_draft(actor=None, widget=widget, configuration={**widget.draft, "texts": texts})


class Preview(Frame):
    def __init__(self, client: Client, widget: Widget, editor: User, *, version: int = 0, query: str = "") -> None:
        ids = {"license_id": widget.license.public_id, "widget_id": widget.public_id}
        token = mint_preview(**ids, editor=editor.pk, dashboard=settings.DASHBOARD_URL, version=version)
        super().__init__(client, widget, site=settings.DASHBOARD_URL)
        self._open(f"{self.path}&preview={token}{query}")


def test_preview_shows_the_draft_and_the_live_page_does_not(client: Client, widget: Widget, alice: User) -> None:
    assert Preview(client, widget, alice).boot["config"]["title"] == "Only a draft"
    assert Preview(client, widget, alice, version=1).boot["config"]["title"] == "How can we help?"
    assert Frame(client, widget).boot["config"]["title"] == "How can we help?"
    assert "configurator" not in Frame(client, widget).boot


def test_unpublished_and_switched_off_widgets_are_previewed(client: Client, alice: User) -> None:
    widget = make_widget(make_license(make_organization("Alice's shop", alice)), publish=False)
    Widget.objects.update(enabled=False)
    assert Preview(client, widget, alice).boot["widget"] == widget.public_id


def test_only_the_dashboard_may_frame_it(client: Client, widget: Widget, alice: User, settings: Any) -> None:
    settings.DASHBOARD_URL = "https://app.test"
    preview = Preview(client, widget, alice)
    policy = preview.response["Content-Security-Policy"]
    assert policy.rpartition("frame-ancestors ")[2] == f"{settings.EMBED_URL} https://app.test"
    assert preview.response["Cache-Control"] == "private, no-store"


def test_language_and_direction_are_those_of_the_toolbar(client: Client, widget: Widget, alice: User) -> None:
    boot = Preview(client, widget, alice, query="&lang=ar&dir=rtl&page=1").boot
    assert (boot["lang"], boot["dir"], boot["page"]) == ("ar", "rtl", True)


def test_version_is_shown_with_the_connection_of_the_draft(widget: Widget, alice: User) -> None:
    """Whoever may edit and not set secrets brings back no address of before, for the secrets of today."""
    moved = {"url": "https://n8n.example.com/webhook/new/chat"}
    save_draft(actor=None, widget=widget, connection=moved)
    page = Page(widget.license.public_id, widget.public_id, None, "preview", alice.pk, 1)
    shown = load(page, Look()).show
    assert (shown.version, shown.connection.url) == (1, moved["url"])
    assert shown.configuration.texts.title == "How can we help?"


def test_session_is_a_test_and_burns_no_quota(client: Client, widget: Widget, alice: User) -> None:
    assert code_of(Frame(client, widget).post("messages", {"conversation": "c" * 20, "text": "Hi"})) == "quota_exceeded"
    preview = Preview(client, widget, alice)
    preview.post("history")
    session = VisitorSession.objects.get()
    assert (session.is_test, session.evidence, session.origin) == (True, "preview", "")
    assert VisitorSession.objects.counted().count() == 0
    live = Frame(client, widget)
    live.visitor = preview.visitor  # a test's token is worth nothing outside
    assert code_of(live.post("history")) == "quota_exceeded"


def test_events_of_a_preview_are_not_counted(client: Client, widget: Widget, alice: User) -> None:
    answer = Preview(client, widget, alice).post("events", {"events": [{"name": "opened"}]})
    assert (answer.status_code, list(counting.writer._items)) == (204, [])


@pytest.mark.parametrize("kind", ["n8n", "chatkit"])
def test_failures_of_a_preview_are_no_visitors_problems(client: Client, alice: User, settings: Any, kind: str) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"  # nobody answers
    connection = {"n8n": {"url": "http://127.0.0.1:9/webhook/x/chat"}, "chatkit": {"workflow_id": "wf_x"}}[kind]
    widget = make_widget(make_license(make_organization("Alice's shop", alice)), kind, connection=connection)
    preview, live = Preview(client, widget, alice), Frame(client, widget)
    waiting = origins.loads, origins.refusals, counting.writer, incidents.writer
    for writer in waiting:  # the live frame was opened
        writer._items.clear()

    def call(frame: Frame) -> str:
        return read(
            frame.post({"n8n": "messages", "chatkit": "session"}[kind], {"conversation": "c" * 20, "text": "Hi"})
        )

    assert "upstream_unreachable" in call(preview)
    while "upstream_paused" not in call(preview):  # until its own breaker opens
        pass
    frame_of_a_preview = Preview(client, widget, alice, query="&page=1")
    frame_of_a_preview.post("events", {"events": [{"name": "failed", "code": "upstream_unreachable"}]})
    assert [list(writer._items) for writer in waiting] == [[], [], [], []]
    assert "upstream_unreachable" in call(live)
    assert [report.code for report in incidents.writer._items] == ["upstream_unreachable"]


def test_tests_do_not_slow_visitors_down(client: Client, alice: User, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"ip": (2, 60), "start": (2, 60)}
    widget = make_widget(make_license(make_organization("Alice's shop", alice)))
    preview = Preview(client, widget, alice)
    assert [code_of(preview.post("history")) for _ in range(3)] == ["", "", "rate_limited"]
    assert code_of(Frame(client, widget).post("history")) == ""


def test_whoever_may_no_longer_edit_sees_nothing(client: Client, widget: Widget, alice: User) -> None:
    preview = Preview(client, widget, alice)
    Membership.objects.update(role=Role.ANALYST)
    assert Preview(client, widget, alice).code == "widget_not_found"
    assert code_of(preview.post("history")) == "widget_not_found"


def test_token_is_for_one_widget_one_purpose_and_half_a_day(client: Client, widget: Widget, alice: User) -> None:
    charlies = make_widget(make_license(make_organization("Charlie's bakery")))
    assert Preview(client, charlies, alice).code == "widget_not_found"
    wrong = Preview(client, widget, alice)
    wrong._open(f"{wrong.path}&preview={tokens.mint('page', {'l': 'x'})}")
    assert wrong.code == "token_invalid"
    with time_machine.travel("2030-01-01 00:00Z", tick=False):
        token = mint_preview(
            license_id=widget.license.public_id, widget_id=widget.public_id, editor=alice.pk, dashboard=""
        )
    with time_machine.travel("2030-01-01 12:01Z", tick=False):
        wrong._open(f"{wrong.path}&preview={token}")
    assert wrong.code == "token_expired"


def test_page_token_keeps_whose_preview_it_is() -> None:
    page = Page("lic", "wgt", None, "preview", 7, 3, "prv", "typed")
    assert read_page(mint_page(page)) == page


def ask(client: Client, widget: Widget, **asked: Any) -> Any:
    path = f"/o/{widget.organization.slug}/widgets/{widget.public_id}/preview-config/"
    return client.post(path, json.dumps(asked), content_type="application/json")


def test_what_is_typed_is_rendered_and_not_stored(client: Client, widget: Widget, alice: User) -> None:
    client.force_login(alice)
    typed = {**widget.draft, "theme": {**widget.draft["theme"], "accent": "#aa0000"}}
    answer = ask(client, widget, configuration=typed).json()
    assert (answer["problems"], answer["frame"]["theme"]["accent"]) == ({}, "#aa0000")
    assert answer["loader"]["variables"]["c"] == "#1f5eff"
    widget.refresh_from_db()
    assert widget.draft["theme"]["accent"] == "#1f5eff"
    host, page = (client.get(urlsplit(url)._replace(scheme="", netloc="").geturl()) for url in answer["urls"].values())
    assert (host.status_code, page.status_code) == (200, 200)
    assert host["Content-Security-Policy"].endswith(f"frame-ancestors {settings.DASHBOARD_URL}")
    assert "img-src 'self' data: https:;" in page["Content-Security-Policy"]  # for a picture that is still being typed


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", 'lang="he" dir="rtl"'), ("&lang=fr", 'lang="fr" dir="ltr"'), ("&dir=ltr", 'lang="he" dir="ltr"')],
)
def test_stand_in_page_is_written_as_the_chat_is(client: Client, alice: User, asked: str, shown: str) -> None:
    license = make_license(make_organization("Alice's shop", alice))
    widget = make_widget(license, configuration={"visitors": {"language": "he"}})
    client.force_login(alice)
    host = urlsplit(ask(client, widget, configuration=widget.draft).json()["urls"]["host"])
    assert shown in client.get(f"{host.path}?{host.query}{asked}").content.decode()


def test_what_cannot_be_is_told_by_field(client: Client, widget: Widget, alice: User) -> None:
    client.force_login(alice)
    answer = ask(client, widget, configuration={**widget.draft, "window": {"width": 1}}).json()
    assert (answer["problems"], "frame" in answer) == ({"window.width": "The least is 320."}, False)


def test_identified_visitor_needs_a_secret(client: Client, alice: User) -> None:
    client.force_login(alice)
    license = make_license(make_organization("Alice's shop", alice))
    with_secret = make_widget(license, secrets={"identity_secret": "s" * 40})
    assert ask(client, with_secret, identified=True).json()["identity"].count(".") == 2
    assert ask(client, make_widget(license), identified=True).json()["identity"] is None


def test_key_changes_with_what_a_running_frame_cannot_change(client: Client, widget: Widget, alice: User) -> None:
    client.force_login(alice)

    def key(**sections: Any) -> str:
        changed = {name: {**widget.draft[name], **values} for name, values in sections.items()}
        return ask(client, widget, configuration={**widget.draft, **changed}).json()["key"]

    avatar = {"avatar": "https://cdn.test/a.png"}
    assert key() == key(theme={"accent": "#aa0000"}, texts={"title": "Other"}, header=avatar)
    assert key() != key(visitors={"language": "ar"})


def test_preview_is_for_editors_of_the_organization(client: Client, widget: Widget) -> None:
    bob, charlie = make_user("bob"), make_user("charlie")
    add_member(actor=None, organization=widget.organization, user=bob, role=Role.ANALYST)
    for user, status in ((bob, 403), (charlie, 404)):
        client.force_login(user)
        assert ask(client, widget, configuration=widget.draft).status_code == status
