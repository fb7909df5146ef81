"""The page and the API call behind “Test connection”: who may, how often, and what is said. The steps themselves are
tested beside the apps that take them."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from tests.api import Api
from tests.build import make_widget
from tests.guests import as_guest
from tests.probes import try_it
from widgets.configform import ConfigForm
from widgets.models import Widget
from widgets.services import draft_connection, publish_widget, save_draft
from widgets.types import all_types

SECRET = "demo:CANARY-password-0001"
AWAY = {"url": "http://127.0.0.1:9/webhook/x/chat"}
HOME = {"url": "https://n8n.example.com/webhook/demo/chat", "auth": "basic"}
ELSEWHERE = "Enter it again: what is stored is only sent to the host it is for, and this is another one."


@pytest.fixture(autouse=True)
def _nobody_answers(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]


def url(widget) -> str:
    return reverse(widget.type.probe, kwargs={"slug": "alices-shop", "widget_id": widget.public_id})


def form(widget, **values) -> dict[str, str]:
    """What a browser sends for the Connection page."""
    fields = ConfigForm(widget.type.connection, {"kind": "chat_trigger", "auth": "none", **AWAY} | values).loose
    return {"revision": "1"} | {field.name: field.value for field in fields if field.value}


def test_every_type_has_its_page():
    names = {"slug": "alices-shop", "widget_id": "wgt_0"}
    assert {kind.id: reverse(kind.probe, kwargs=names) for kind in all_types().values()} == {
        "chatkit": "/o/alices-shop/widgets/wgt_0/test/chatkit/",
        "n8n": "/o/alices-shop/widgets/wgt_0/test/n8n/",
    }


def test_type_without_a_probe_offers_none(client, widget, monkeypatch):
    plain = replace(all_types()["n8n"], probe="")
    monkeypatch.setitem(all_types(), "n8n", plain)
    page = client.get(f"/o/alices-shop/widgets/{widget.public_id}/connection/")
    assert (page.status_code, "Test connection" in page.content.decode()) == (200, False)
    assert try_it(widget).status_code == 404


def test_form_is_tried_as_typed(client, widget):
    response = client.post(url(widget), form(widget))
    report = response.context["report"]
    assert (response.status_code, [step.id for step in report.steps if step.state == "failed"]) == (200, ["reach"])
    assert "The connection does not work yet" in response.content.decode()


def test_without_a_form_the_stored_connection_is_tried(client, license):
    widget = make_widget(license, connection=AWAY)
    assert client.post(url(widget)).context["report"].told[-1].id == "reach"


def test_what_saving_would_refuse_is_told(client, widget):
    response = client.post(url(widget), form(widget, url="https://10.0.0.1/", input_key="1 2"))
    assert (response.status_code, [(id, label) for id, label, _ in response.context["wrong"]]) == (
        422,
        [("f-url", "Webhook URL"), ("f-input_key", "Message field")],
    )


def test_secret_that_cannot_be_one_is_told(client, widget):
    response = client.post(url(widget), form(widget) | {"credential-n8n_auth-secret": "nocolon"})
    told = "Enter user:password, or the headers as a JSON object."
    assert response.context["wrong"] == [("id_credential-n8n_auth-secret", "Webhook credentials", told)]


@pytest.fixture
def secretive(license):
    """With a password that is sent to n8n.example.com."""
    return make_widget(license, connection=HOME, secrets={"n8n_auth": SECRET})


def test_stored_secret_goes_to_no_other_host(client, secretive):
    told = {"Webhook credentials": ELSEWHERE}
    page = client.post(url(secretive), form(secretive, auth="basic"))
    answer = try_it(secretive, connection=AWAY | {"auth": "basic"})
    assert (page.status_code, [found[1:] for found in page.context["wrong"]]) == (422, [*told.items()])
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, told)
    for harmless in (
        {"connection": HOME | {"url": "https://n8n.example.com:443/webhook/other/chat"}},
        {"connection": AWAY},  # sends none
        {"connection": AWAY | {"auth": "basic"}, "secrets": {"n8n_auth": "demo:typed"}},
    ):
        assert try_it(secretive, **harmless).status_code == 200


def test_open_screen_asks_who_it_is_and_keeps_what_is_typed(client, secretive):
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        for address in (url(secretive), f"/o/alices-shop/widgets/{secretive.public_id}/trial/"):
            answer = client.post(address, form(secretive))
            assert answer.status_code == 403
            assert answer.context["login_url"].endswith(
                f"next=%2Fo%2Falices-shop%2Fwidgets%2F{secretive.public_id}%2Fconnection%2F"
            )
            assert "what you typed stays here" in answer.content.decode().partition("data-fragment")[2]
        assert try_it(secretive).status_code == 200


def test_guests_test_is_told(secretive):
    guest = as_guest(secretive.organization, "credentials")
    guest.post(url(secretive), form(secretive, auth="basic") | {"credential-n8n_auth-secret": "demo:typed"})
    line = AuditEvent.objects.get(action="connection.tested")
    assert (line.actor.email, line.target) == ("charlie@example.com", secretive.public_id)
    assert line.details == {"secrets_to": ["http://127.0.0.1:9"]}


def test_guest_leads_no_stored_secret_elsewhere(secretive):
    guest = as_guest(secretive.organization, "credentials", "config")
    page = f"/o/alices-shop/widgets/{secretive.public_id}/connection/"
    moved = form(secretive, auth="basic") | {"revision": secretive.connection_mark}
    for typed in ({}, {"credential-n8n_auth-secret": "nocolon"}):
        refused = guest.post(page, moved | typed)
        assert refused.context["draft"].errors == {
            "url": "For another address, enter this anew below: Webhook credentials."
        }
    assert guest.post(page, moved | {"url": f"{HOME['url']}?x=1"}).status_code == 302
    now = {"revision": Widget.objects.get().connection_mark, "credential-n8n_auth-secret": "demo:typed"}
    assert guest.post(page, moved | now).status_code == 302
    assert draft_connection(Widget.objects.get()).url == AWAY["url"]


def test_guest_restores_no_address_of_before(secretive):
    widget = save_draft(actor=None, widget=secretive, connection=HOME | AWAY)
    publish_widget(actor=None, widget=widget)
    guest = as_guest(secretive.organization, "credentials", "config")
    sent = {"revision": widget.draft_revision}
    assert guest.post(f"/o/alices-shop/widgets/{secretive.public_id}/versions/1/restore/", sent).status_code == 302
    assert draft_connection(Widget.objects.get()).url == AWAY["url"]


def test_typed_secret_is_nowhere_afterwards(client, widget, caplog):
    caplog.set_level(logging.DEBUG)
    sent = form(widget, auth="basic") | {"credential-n8n_auth-secret": SECRET}
    response = client.post(url(widget), sent)
    widget.refresh_from_db()
    assert "CANARY" not in response.content.decode() + caplog.text
    assert not widget.credentials.exists()


@pytest.mark.parametrize(
    "body", [{"connection": []}, {"secrets": "x"}, {"secrets": {"fax": "x"}}, {"secrets": {"n8n_auth": 1}}]
)
def test_body_of_another_shape_is_refused(client, widget, body):
    response = try_it(widget, **body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")


def test_tests_are_limited(client, widget, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"probe": (2, 60)}
    answers = [try_it(widget) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == "rate_limited"
    page = client.post(url(widget))
    assert (page.status_code, "Too many tests" in page.content.decode()) == (429, True)
    assert page.headers["Retry-After"] == answers[2].headers["Retry-After"]


def test_it_takes_a_post(client, widget):
    api = Api(widget.organization.memberships.get())
    assert client.get(url(widget)).status_code == 405
    assert api.get(f"/widgets/{widget.public_id}/test/").status_code == 405


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR])
def test_role_that_sets_no_secrets_may_not(as_role, widget, role):
    client, bob = as_role(role), widget.organization.memberships.get(role=role)
    assert [client.post(url(widget)).status_code, try_it(widget, by=bob).status_code] == [403, 403]


def test_widget_of_others_is_as_absent_as_none(client, widget, charlies_widget):
    absent = client.post("/o/alices-shop/widgets/wgt_0/test/n8n/")
    foreign = client.post(url(charlies_widget))
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    api = Api(widget.organization.memberships.get())
    none, theirs = (api.post(f"/widgets/{one}/test/") for one in ("wgt_0", charlies_widget.public_id))
    assert (theirs.status_code, theirs.content) == (404, none.content)


def test_page_needs_the_csrf_token(widget, alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(url(widget)).status_code == 403
