from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.api import Api
from tests.build import make_widget
from tests.widgets.forms import fields_of
from widgets.services import draft_connection, open_connection, save_draft
from widgets.types import all_types

CANARY = "sk-canary-secret-that-must-not-show"


def url(widget, page="") -> str:
    return f"/o/{widget.organization.slug}/widgets/{widget.public_id}/{page}"


@pytest.mark.parametrize("kind", all_types())
@pytest.mark.parametrize("page", ["", "connection/"])
def test_saving_an_untouched_page_changes_nothing(client, license, kind, page):
    widget = make_widget(license, kind)
    before = widget.draft_revision
    response = client.post(url(widget, page), fields_of(client.get(url(widget, page))))
    assert (response.status_code, response.url) == (302, url(widget, page))
    widget.refresh_from_db()
    assert (widget.has_unpublished_changes, widget.draft_revision) == (False, before)


def test_configuration_is_saved_and_shown_again(client, widget):
    sent = fields_of(client.get(url(widget)))
    sent |= {"launcher.color": "#aa0000", "texts.greeting": "One\r\nTwo", "files.enabled": "on"}
    sent |= {"prompts.rows": ["0"], "prompts.0.label": "Hours", "prompts.0.prompt": "When?"}
    sent.pop("header.enabled")
    client.post(url(widget), sent)
    widget.refresh_from_db()
    assert widget.draft["launcher"]["color"] == "#aa0000"
    assert widget.draft["texts"]["greeting"] == ["One", "Two"]
    assert (widget.draft["files"]["enabled"], widget.draft["header"]["enabled"]) == (True, False)
    assert widget.draft["prompts"] == [{"label": "Hours", "prompt": "When?", "language": ""}]
    again = fields_of(client.get(url(widget)))
    assert (again["prompts.0.label"], again["texts.greeting"]) == (["Hours"], ["One\nTwo"])


def test_wrong_values_come_back_with_a_summary(client, widget):
    sent = fields_of(client.get(url(widget))) | {"launcher.size": "99", "window.width": "wide", "launcher.ink": "red"}
    response = client.post(url(widget), sent)
    assert response.status_code == 422
    assert response.context["form"].summary == [
        ("f-launcher-ink", "Icon colour", "Write a colour such as #1f5eff."),
        ("f-launcher-size", "Size", "The most is 80."),
        ("f-window-width", "Width", "Write a whole number."),
    ]
    again = fields_of(response)
    assert (again["launcher.size"], again["window.width"]) == (["99"], ["wide"])
    widget.refresh_from_db()
    assert widget.draft["launcher"]["size"] == 56


def test_someone_elses_save_is_told_and_nothing_typed_is_lost(client, widget, alice):
    sent = fields_of(client.get(url(widget))) | {"teaser.text": "Mine"}
    theirs = widget.draft | {"teaser": {"text": "Theirs", "delay": 5}}
    saved = save_draft(actor=alice, widget=widget, configuration=theirs)
    response = client.post(url(widget), sent)
    page = response.content.decode()
    assert (response.status_code, "Someone else saved this in the meantime" in page) == (409, True)
    assert ("Save mine over theirs" in page, "Discard mine and show theirs" in page) == (True, True)
    again = fields_of(response)
    assert (again["teaser.text"], again["revision"]) == (["Mine"], [str(saved.draft_revision)])
    widget.refresh_from_db()
    assert widget.draft["teaser"]["text"] == "Theirs"
    assert client.post(url(widget), again).status_code == 302
    widget.refresh_from_db()
    assert widget.draft["teaser"]["text"] == "Mine"


def test_saving_may_lead_to_publishing(client, widget):
    sent = fields_of(client.get(url(widget))) | {"then_publish": "1"}
    assert client.post(url(widget), sent).url == url(widget, "publish/")


def test_notices_of_the_type_are_shown(client, license):
    widget = make_widget(license, "chatkit")
    notice = widget.type.notices[0]
    assert [notice in client.get(url(widget, page)).content.decode() for page in ("", "connection/")] == [True, True]


def test_connection_is_saved(client, widget):
    sent = fields_of(client.get(url(widget, "connection/"))) | {"url": "https://n8n.example.com/webhook/other"}
    client.post(url(widget, "connection/"), sent)
    widget.refresh_from_db()
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/other"


def test_connection_is_looked_at_freely_and_changed_only_after_showing_who_one_is(client, widget):
    sent = fields_of(client.get(url(widget, "connection/")))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert client.get(url(widget, "connection/")).status_code == 200
        refused = client.post(url(widget, "connection/"), sent | {"answer_seconds": "77"})
    assert refused.url.startswith("/reauthenticate/")
    widget.refresh_from_db()
    assert draft_connection(widget).answer_seconds != 77


def test_who_types_a_text_does_not_stand_against_a_connection(client, widget):
    sent = fields_of(client.get(url(widget, "connection/"))) | {"url": "https://n8n.example.com/webhook/other"}
    save_draft(actor=None, widget=widget, configuration=widget.draft | {"teaser": {"text": "Bob's", "delay": 5}})
    assert client.post(url(widget, "connection/"), sent).status_code == 302
    widget.refresh_from_db()
    assert widget.draft["teaser"]["text"] == "Bob's"
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/other"


def test_someone_elses_connection_is_told_before_it_is_replaced(client, widget):
    sent = fields_of(client.get(url(widget, "connection/"))) | {"url": "https://n8n.example.com/webhook/mine"}
    save_draft(actor=None, widget=widget, connection={"url": "https://n8n.example.com/webhook/theirs"})
    response = client.post(url(widget, "connection/"), sent)
    assert (response.status_code, fields_of(response)["url"]) == (409, ["https://n8n.example.com/webhook/mine"])
    widget.refresh_from_db()
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/theirs"
    assert client.post(url(widget, "connection/"), fields_of(response)).status_code == 302
    widget.refresh_from_db()
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/mine"


def test_refused_address_is_explained(client, widget):
    sent = fields_of(client.get(url(widget, "connection/"))) | {"url": "http://10.0.0.1/"}
    response = client.post(url(widget, "connection/"), sent)
    assert response.status_code == 422
    assert [(place, label) for place, label, _ in response.context["form"].summary] == [("f-url", "Webhook URL")]
    assert fields_of(response)["url"] == ["http://10.0.0.1/"]


def test_secret_is_stored_and_never_shown(client, license):
    widget = make_widget(license, "chatkit", secrets={"identity_secret": "s" * 40}, publish=False)
    sent = fields_of(client.get(url(widget, "connection/"))) | {"credential-openai_key-secret": CANARY}
    response = client.post(url(widget, "connection/"), sent, follow=True)
    stored = widget.credentials.get(kind="openai_key")
    page = response.content.decode()
    assert (stored.last4, "••••show" in page, CANARY in page) == ("show", True, False)


def test_blank_keeps_a_secret_and_the_box_removes_it(client, license):
    widget = make_widget(license, "chatkit")
    before = widget.credentials.get(kind="openai_key").fingerprint
    sent = fields_of(client.get(url(widget, "connection/")))
    client.post(url(widget, "connection/"), sent)
    assert widget.credentials.get(kind="openai_key").fingerprint == before
    sent = fields_of(client.get(url(widget, "connection/"))) | {"credential-openai_key-remove": "on"}
    client.post(url(widget, "connection/"), sent)
    assert not widget.credentials.filter(kind="openai_key").exists()


def test_secret_is_stored_though_the_rest_is_refused(client, license):
    """It cannot be shown again, so it would have to be typed again."""
    widget = make_widget(license, "chatkit", secrets={"identity_secret": "s" * 40}, publish=False)
    sent = fields_of(client.get(url(widget, "connection/")))
    sent |= {"workflow_id": "nonsense", "credential-openai_key-secret": CANARY}
    response = client.post(url(widget, "connection/"), sent)
    page = response.content.decode()
    assert (response.status_code, CANARY in page, "••••show" in page) == (422, False, True)
    assert "OpenAI API key: stored. It is in use from now on." in page


def test_short_secret_is_refused_at_its_field(client, widget):
    sent = fields_of(client.get(url(widget, "connection/"))) | {"credential-identity_secret-secret": "too-short"}
    response = client.post(url(widget, "connection/"), sent)
    page = response.content.decode()
    assert (
        response.status_code,
        page.count("An identity secret needs at least 32 characters."),
        "too-short" in page,
    ) == (422, 2, False)
    assert not widget.credentials.exists()
    assert client.post(url(widget, "connection/"), fields_of(response)).status_code == 302


def test_connection_that_cannot_be_opened_is_entered_again(client, widget):
    widget.draft_connection = "v1.gone.a.b.c"
    widget.save()
    response = client.get(url(widget, "connection/"))
    assert "What is stored cannot be opened." in response.content.decode()
    api = Api(widget.organization.memberships.get())
    assert api.get(f"/widgets/{widget.public_id}/").json()["connection"] is None
    problems = client.get(url(widget, "publish/")).context["problems"]
    assert problems == [("connection", "The stored connection cannot be opened. Enter it again under Connection.")]
    sent = fields_of(response) | {"url": "https://n8n.example.com/webhook/again"}
    assert client.post(url(widget, "connection/"), sent).status_code == 302
    widget.refresh_from_db()
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/again"


def test_draft_of_an_older_form_is_saved_again(client, widget):
    widget.draft["texts"]["gone"] = "x"
    widget.save()
    problems = client.get(url(widget, "publish/")).context["problems"]
    told = "The draft is of an older form. Look through it under Configuration and save it."
    assert problems == [("configuration", told)]
    assert client.post(url(widget), fields_of(client.get(url(widget)))).status_code == 302
    assert client.get(url(widget, "publish/")).context["problems"] == []


@pytest.mark.parametrize("kind", all_types())
def test_pages_need_few_queries(client, license, kind, django_assert_num_queries):
    widget = make_widget(license, kind)
    path = url(widget)
    for page in (path, f"{path}connection/"):
        with django_assert_num_queries(5):  # session, user, memberships, widget, credentials
            client.get(page)
