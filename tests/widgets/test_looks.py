import json
from itertools import chain

import pytest

from core.contrast import contrast
from tests.build import make_widget
from tests.widgets.test_views_edit import url
from widgets.contrast import contrast_warnings
from widgets.editions import export_widget
from widgets.models import Preset
from widgets.presets import MOST
from widgets.types import all_types
from widgets.types.base import STORED, Contrast


def merged(values, look):
    branches = {k: merged(values[k], v) if isinstance(v, dict) else v for k, v in look.items()}
    return {**values, **branches}


READY = list(chain.from_iterable([(kind, look) for look in kind.looks] for kind in all_types().values()))


@pytest.mark.parametrize(("kind", "look"), READY, ids=lambda each: getattr(each, "name", getattr(each, "id", "")))
def test_ready_look_is_valid_and_readable(kind, look):
    values = merged(kind.configuration().model_dump(mode="json"), look.values)
    kind.configuration.model_validate(values, context=STORED)
    launcher = {**values, "launcher": {**values["launcher"], "text": "Ask us"}}
    assert contrast_warnings(kind.contrasts, launcher) == []


def test_contrast_is_that_of_the_standard():
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#123456", "#123456") == 1


def test_warning_names_the_pair_and_only_what_shows():
    pair = Contrast("Text on the accent", "a.ink", "#ffffff", 4.5, {"a.on": False})
    assert contrast_warnings((pair,), {"a": {"ink": "#ffff00", "on": False}}) == []
    assert contrast_warnings((pair,), {"a": {"ink": "#ffff00", "on": True}}) == [
        "Text on the accent: contrast 1.07 : 1, 4.5 : 1 is needed to be read well."
    ]


def test_ratio_is_never_told_as_better_than_it_is():
    pair = Contrast("Text on the accent", "a", "#ffffff", 4.5)
    assert contrast_warnings((pair,), {"a": "#767776"}) == [
        "Text on the accent: contrast 4.49 : 1, 4.5 : 1 is needed to be read well."
    ]


def warned(kind, **theme):
    values = merged(all_types()[kind].configuration().model_dump(mode="json"), {"theme": theme})
    return [warning.partition(":")[0] for warning in contrast_warnings(all_types()[kind].contrasts, values)]


@pytest.mark.parametrize(
    ("scheme", "color", "found"),
    [
        ("light", "#eeeeee", ["light"]),
        ("dark", "#eeeeee", []),
        ("auto", "#eeeeee", ["light"]),
        ("light", "#222222", []),
        ("dark", "#222222", ["dark"]),
        ("auto", "#222222", ["dark"]),
    ],
)
def test_accent_is_judged_on_the_surfaces_that_are_shown(scheme, color, found):
    told = [f"Accent on the {surface} surface" for surface in found]
    ink = "#000000" if color == "#eeeeee" else "#ffffff"
    accent = {"enabled": True, "primary": color}
    assert warned("n8n", scheme=scheme, accent=color, accent_ink=ink) == told
    assert warned("chatkit", scheme=scheme, accent=accent) == told
    assert warned("chatkit", scheme=scheme, accent=accent | {"enabled": False}) == []
    own = warned("chatkit", scheme=scheme, accent=accent, surface={"enabled": True, "background": color})
    assert own == ["Accent on the surface"]


def post(client, widget, page, body):
    return client.post(url(widget, page), json.dumps(body), content_type="application/json")


def test_look_is_kept_offered_and_deleted(client, widget, license, charlies_widget):
    Preset.objects.create(
        organization=charlies_widget.organization, widget_type="n8n", name="Charlie's", values={"theme": {}}
    )
    make_widget(license, name="Other", configuration={"theme": {"radius": 3}})
    assert post(client, widget, "looks/keep/", {"name": " Mine "}).status_code == 200
    post(client, widget, "looks/keep/", {"name": "Mine"})
    offered = client.get(url(widget, "looks/")).json()
    assert [look["name"] for look in offered["own"]] == ["Mine"]
    assert set(offered["own"][0]["values"]) == {"theme", "launcher", "window"}
    assert [(look["name"], look["values"]["theme"]["radius"]) for look in offered["others"]] == [("Other", 3)]
    assert len(offered["ready"]) == 6
    charlies = Preset.objects.get(name="Charlie's")
    assert post(client, widget, "looks/keep/", {"delete": charlies.pk}).status_code == 404
    assert post(client, widget, "looks/keep/", {"delete": offered["own"][0]["id"]}).status_code == 200
    assert list(Preset.objects.values_list("name", flat=True)) == ["Charlie's"]


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_look_needs_a_name(client, widget, name):
    assert post(client, widget, "looks/keep/", {"name": name}).status_code == 422


def test_no_more_looks_than_there_is_room_for(client, widget):
    owned = {"organization": widget.organization, "widget_type": "n8n", "values": {}}
    Preset.objects.bulk_create(Preset(name=str(number), **owned) for number in range(MOST))
    assert post(client, widget, "looks/keep/", {"name": "One more"}).status_code == 422
    assert post(client, widget, "looks/keep/", {"name": "7"}).status_code == 200


def test_export_holds_no_secret_and_no_address(client, license):
    widget = make_widget(license, "chatkit", connection={"workflow_id": "wf_private"})
    answer = client.get(url(widget, "export/"))
    assert answer["Content-Disposition"] == 'attachment; filename="helper.json"'
    assert set(answer.json()) == {"format", "type", "name", "configuration"}
    assert b"wf_private" not in answer.content


def test_exported_file_comes_back_with_what_changes(client, widget, license):
    other = make_widget(license, configuration={"texts": {"title": "Other"}, "files": {"enabled": True}})
    answer = client.post(url(widget, "file/"), export_widget(other), content_type="application/json").json()
    assert answer["configuration"] == other.draft
    assert answer["changes"] == [
        {"label": "Texts: Title", "before": "How can we help?", "after": "Other"},
        {"label": "Files: Visitors may attach files", "before": "off", "after": "on"},
    ]
    widget.refresh_from_db()
    assert widget.draft["texts"]["title"] == "How can we help?"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1", "This is not a JSON file."),
        (b'{"type": "n8n"}', "This is not a file that was exported here."),
        (b'{"format": "chatdock-widget", "type": "n8n"}', "There is no configuration in this file."),
        (b'{"format": "chatdock-widget", "type": "chatkit"}', "The file is of another type of widget."),
    ],
)
def test_foreign_file_is_refused(client, widget, content, message):
    answer = client.post(url(widget, "file/"), content, content_type="application/json")
    assert (answer.status_code, answer.json()["message"].startswith(message)) == (422, True)


def test_file_with_wrong_values_says_which(client, widget):
    content = {"format": "chatdock-widget", "type": "n8n", "configuration": {"window": {"width": 1}, "nonsense": 1}}
    answer = post(client, widget, "file/", content)
    assert answer.json()["errors"] == {"window.width": "The least is 320.", "nonsense": "There is no such field."}
