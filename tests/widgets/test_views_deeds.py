"""Creating, publishing, installing, switching, renaming and deleting."""

import re

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.html import escape

from accounts.permissions import Role
from licenses.services import revoke_license
from tests.build import make_license, make_widget
from tests.widgets.forms import fields_of
from tests.widgets.test_versions import retitle
from widgets.models import Widget
from widgets.services import set_enabled
from widgets.types import all_types

BASE = "/o/alices-shop/widgets/"


def url(widget, page="") -> str:
    return f"{BASE}{widget.public_id}/{page}"


def test_create_page_shows_every_type(client, license):
    page = client.get(f"{BASE}new/").content.decode()
    assert [escape(kind.description) in page for kind in all_types().values()] == [True] * len(all_types())
    assert 'name="license"' not in page  # there is one only


@pytest.mark.parametrize("kind", all_types())
def test_widget_is_created(client, license, kind):
    response = client.post(f"{BASE}new/", {"widget_type": kind, "name": "Tea"})
    widget = Widget.objects.get()
    assert (response.url, widget.name, widget.widget_type, widget.license) == (url(widget), "Tea", kind, license)


def test_what_is_left_out_is_said_with_a_way_there(client, license):
    response = client.post(f"{BASE}new/", {"name": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert ['href="#id_widget_type"' in page, 'id="id_widget_type"' in page] == [True, True]
    asked, told = "What answers the visitors?", "Choose one."
    assert [asked in page, f"{asked}</a> {told}" in page] == [True, True]
    assert page.index(f'id="id_widget_type_error">{told}') < page.index('type="radio"')
    assert ['href="#id_name"' in page, 'id="id_name"' in page] == [True, True]


def test_licence_is_chosen_among_several(client, license, organization):
    other = make_license(organization, domains=())
    values = {"widget_type": "n8n", "name": "Tea"}
    assert client.post(f"{BASE}new/", values).context["form"].errors == {"license": ["This field is required."]}
    client.post(f"{BASE}new/", values | {"license": other.public_id})
    assert Widget.objects.get().license == other


def test_licence_of_others_is_no_choice(client, license, organization, charlies_widget):
    make_license(organization, domains=())
    values = {"widget_type": "n8n", "name": "Tea", "license": charlies_widget.license.public_id}
    assert "license" in client.post(f"{BASE}new/", values).context["form"].errors


def test_full_licence_refuses_in_words(client, organization):
    make_widget(make_license(organization, limits={"widgets": 1}))
    response = client.post(f"{BASE}new/", {"widget_type": "n8n", "name": "Tea"})
    assert (response.status_code, "The plan allows 1 widgets." in response.content.decode()) == (422, True)
    assert 'value="Tea"' in response.content.decode()


def test_type_outside_the_plan_cannot_be_chosen(client, organization):
    make_license(organization, features=["n8n"])
    assert re.search(r'value="chatkit"[^>]* disabled', client.get(f"{BASE}new/").content.decode())
    response = client.post(f"{BASE}new/", {"widget_type": "chatkit", "name": "Tea"})
    assert "The plan does not include the type" in response.content.decode()


def test_publishing_makes_a_version(client, license, alice):
    widget = make_widget(license, publish=False)
    sent = fields_of(client.get(url(widget, "publish/")), "publish") | {"note": "First"}
    assert client.post(url(widget, "publish/"), sent).url == url(widget, "install/")
    widget.refresh_from_db()
    assert (widget.published.number, widget.published.note, widget.published.author) == (1, "First", alice)


def test_publishing_says_what_is_missing(client, license):
    widget = make_widget(
        license, "chatkit", connection={"workflow_id": ""}, secrets={"identity_secret": "s" * 40}, publish=False
    )
    problems = ["Enter the workflow id under Connection.", "Store the OpenAI API key under Connection."]
    response = client.post(url(widget, "publish/"), {"note": "Kept", "revision": widget.draft_revision})
    page = response.content.decode()
    assert (response.status_code, [told for _, told in response.context["problems"]]) == (422, problems)
    assert 'value="Kept"' in page
    assert page.count(f'<a href="{url(widget, "connection/")}">Open Connection</a>') == 2
    assert page.count('type="submit" disabled aria-describedby="missing"') == 1
    assert ">Publish</button>" not in client.get(url(widget, "publish/")).content.decode()
    widget.refresh_from_db()
    assert widget.published is None


def test_what_the_plan_excludes_is_mended_in_the_configuration(as_role, organization):
    plain = {"visitors": {"identity": "off", "branding": False}}
    license = make_license(organization, features=["n8n"])
    widget = make_widget(license, connection={"url": ""}, configuration=plain, publish=False)
    page = as_role(Role.EDITOR).get(url(widget, "publish/"))
    assert [part for part, _ in page.context["problems"]] == ["connection", "configuration"]
    assert page.content.decode().count("Your role does not open it") == 1


def test_draft_that_was_not_looked_at_is_not_published(client, widget):
    sent = fields_of(client.get(url(widget, "publish/")), "publish") | {"note": "Kept"}
    retitle(widget, "Bob's")
    response = client.post(url(widget, "publish/"), sent)
    assert (response.status_code, [change.after for change in response.context["pending"]]) == (409, ["Bob's"])
    assert 'value="Kept"' in response.content.decode()
    assert widget.versions.count() == 1
    client.post(url(widget, "publish/"), fields_of(response, "publish"))
    assert widget.versions.first().configuration["texts"]["title"] == "Bob's"


def test_unpublishing_takes_it_off(client, widget):
    client.post(url(widget, "unpublish/"))
    widget.refresh_from_db()
    assert widget.published is None


def test_switch_turns_off_and_on(client, widget):
    for value, enabled in (("off", False), ("on", True)):
        client.post(url(widget, "switch/"), {"enabled": value})
        widget.refresh_from_db()
        assert widget.enabled is enabled


def test_widget_is_renamed(client, widget):
    client.post(url(widget, "settings/"), {"name": "Tea"})
    widget.refresh_from_db()
    assert widget.name == "Tea"


def test_name_is_needed(client, widget):
    response = client.post(url(widget, "settings/"), {"name": " "})
    assert (response.status_code, response.context["name_form"].errors) == (422, {"name": ["This field is required."]})


def test_deleting_takes_the_typed_name(client, widget):
    response = client.post(url(widget, "delete/"), {"typed": "helper"})
    assert (response.status_code, "Type “Helper”." in response.content.decode()) == (422, True)
    assert Widget.objects.count() == 1
    assert client.post(url(widget, "delete/"), {"typed": "Helper"}).url == BASE
    assert Widget.objects.count() == 0


def test_chat_link_leads_to_the_frame(client, widget, license):
    page = client.get(url(widget, "settings/"))
    expected = f"{settings.EMBED_URL}/widget/n8n/{license.public_id}?widget={widget.public_id}"
    assert page.context["opening"] == (expected, "Open the chat")


def test_what_no_visitor_sees_is_previewed(client, as_role, widget):
    set_enabled(actor=None, widget=widget, enabled=False)
    address, words = client.get(url(widget, "install/")).context["opening"]
    assert (words, client.get(address).status_code) == ("Preview the draft", 200)
    assert as_role(Role.ANALYST).get(url(widget, "install/")).context["opening"] is None


def test_chat_of_an_ended_licence_is_not_offered(client, widget, license):
    revoke_license(actor=None, license=license, reason="test", now=timezone.now())
    assert client.get(url(widget, "install/")).context["opening"] is None
