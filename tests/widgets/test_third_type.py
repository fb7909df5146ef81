"""A type is one folder: what the product makes of a declaration needs nothing else."""

import json
import re
from typing import Any

import orjson
import pytest

from tests.api import Api
from tests.frames import SITE, boot_of
from tests.widgets.forms import fields_of
from tests.widgets.third_type import TYPE
from widgets import types
from widgets.credentials import set_credential
from widgets.difference import differences
from widgets.editions import export_widget, read_export
from widgets.models import Widget
from widgets.reference import reference
from widgets.services import InvalidConfiguration, create_widget, publish_widget, save_draft
from widgets.types import all_types, register


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setattr(types, "_types", dict(all_types()))
    return register(TYPE)


@pytest.fixture
def poll(license) -> Widget:
    widget = create_widget(actor=None, license=license, widget_type="poll", name="Vote")
    return save_draft(actor=None, widget=widget, connection={"box": "b1"})


def path(widget: Widget, page: str = "") -> str:
    return f"/o/{widget.organization.slug}/widgets/{widget.public_id}/{page}"


def test_it_is_offered_and_created(client, license, organization):
    create = f"/o/{organization.slug}/widgets/new/"
    assert b"Visitors vote." in client.get(create).content
    client.post(create, {"widget_type": "poll", "name": "Vote"})
    assert Widget.objects.get().type.label == "Poll"


def test_its_form_is_its_own_sections_first_and_languages(client, poll):
    page = client.get(path(poll))
    sections = [section.label for section in page.context["form"].sections]
    shared = ["Launcher", "Teaser", "Open automatically", "Window", "Visitors", "Languages"]
    assert sections == ["Poll", "Answers", *shared]
    sent = fields_of(page) | {
        "poll.stars": "7",
        "answers.rows": ["0"],
        "answers.0.text": "Tea",
        "answers.0.icon": "sun",
        "translations.rows": ["0"],
        "translations.0.language": "de",
        "translations.0.poll.question": "Tee oder Kaffee?",
    }
    client.post(path(poll), sent)
    poll.refresh_from_db()
    assert (poll.draft["poll"]["stars"], poll.draft["answers"]) == (7, [{"text": "Tea", "icon": "sun", "language": ""}])
    assert poll.draft["translations"][0]["poll"] == {"question": "Tee oder Kaffee?"}
    refused = client.post(path(poll), fields_of(client.get(path(poll))) | {"poll.stars": "11"})
    assert (refused.status_code, b"The most is 10." in refused.content) == (422, True)


def test_its_icons_are_picked_out_of_what_it_declares(client, poll):
    page = client.get(path(poll)).content.decode()
    start = page.index('<icon-field data-none>\n  <input type="text" id="f-answers-0-icon"')
    field = page[start : page.index("</icon-field>", start)]
    assert re.findall(r'<option value="(.+?)">', field) == ["sun", "lucide:moon"]
    assert ('<dialog class="icons"' in page, "<strong>Icons</strong>" in page) == (True, True)


def test_what_the_other_side_refuses_is_not_stored(poll):
    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=poll, configuration=poll.draft | {"poll": {"question": "Rude?"}})
    assert raised.value.errors == {"poll.question": "Too rude."}


def test_its_api(license):
    api = Api(license.organization.memberships.get())
    told = {one["id"]: one for one in api.get("/widget-types/").json()["data"]}["poll"]
    assert told["configuration"]["$defs"]["Poll"]["properties"]["stars"]["maximum"] == 10
    assert told["credentials"] == [{"kind": "ballot_key", "label": "Ballot key", "help": ""}]
    made = {"name": "Vote", "widget_type": "poll", "license": license.public_id}
    created = api.post("/widgets/", made).json()
    wrong: Any = {"configuration": {"poll": {"stars": 0}}}
    answer = api.patch(f"/widgets/{created['id']}/", wrong, If_Match="*")
    fields = answer.json()["error"]["fields"]
    assert (answer.status_code, fields) == (400, {"configuration": {"poll.stars": ["The least is 1."]}})


def test_its_file_its_differences_and_its_docs(kind, poll):
    changed = read_export(poll, export_widget(poll)) | {"poll": {"question": "Tea?", "stars": 5}}
    assert read_export(poll, orjson.dumps(orjson.loads(export_widget(poll)))) == poll.draft
    (change,) = differences(kind.configuration, poll.draft, changed)
    assert (change.label, change.before, change.after) == ("Poll: Question", "Tea or coffee?", "Tea?")
    assert "| `poll.stars` | Stars. | 1 to 10 | `5` |" in reference([kind])


def test_its_preview_shows_what_is_typed(client, poll):
    assert b"Nobody votes here" in client.get(path(poll)).content
    typed = poll.draft | {"poll": {"question": "Tea?", "stars": 3}}
    asked = json.dumps({"configuration": typed})
    answer = client.post(path(poll, "preview-config/"), asked, content_type="application/json").json()
    assert (answer["problems"], answer["frame"]) == ({}, {"title": "Tea?", "stars": 3, "answers": []})
    assert answer["direct"]["poll.stars"] == [{"to": "frame.stars"}]
    page = client.get(answer["urls"]["page"].replace("http://127.0.0.1:8000", ""))
    assert boot_of(page.content.decode())["config"]["stars"] == 5


@pytest.mark.django_db(transaction=True)
def test_sites_get_its_frame_and_script(client, poll):
    set_credential(actor=None, widget=poll, kind="ballot_key", secret="k", now=poll.created_at)
    publish_widget(actor=None, widget=poll)
    license_id = poll.license.public_id
    loader = client.get(f"/api/widget/{license_id}/chat-widget.js")
    assert f"/widget/poll/{license_id}" in loader.content.decode()
    frame = client.get(f"/widget/poll/{license_id}", headers={"Referer": f"{SITE}/", "Sec-Fetch-Dest": "iframe"})
    html = frame.content.decode()
    assert boot_of(html)["config"]["title"] == "Tea or coffee?"
    script, style = (html.partition(f"{mark}/embed/frame-poll.")[2].partition('"')[0] for mark in ('src="', 'href="'))
    assert b"replaceChildren" in client.get(f"/embed/frame-poll.{script}").content
    assert client.get(f"/embed/frame-poll.{style}").content == b"#root{color:teal}"
