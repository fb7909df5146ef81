import json

import pytest
from django.utils import timezone

from accounts.permissions import Role
from accounts.services import suspend_organization
from tests.widgets.test_views_edit import url
from widgets.services import save_draft


def save(client, widget, configuration, revision=None):
    sent = {"If-Match": f'"{revision or widget.draft_revision}"'}
    body = json.dumps({"configuration": configuration})
    return client.post(url(widget, "draft/"), body, content_type="application/json", headers=sent)


def with_title(widget, title):
    return {**widget.draft, "texts": {**widget.draft["texts"], "title": title}}


def test_draft_is_stored_and_tells_how_the_widget_stands(client, widget):
    answer = save(client, widget, with_title(widget, "Tea"))
    assert (answer.status_code, answer.json()["revision"]) == (200, widget.draft_revision + 1)
    assert answer.json()["standing"]["word"] == "Unpublished changes"
    widget.refresh_from_db()
    assert widget.draft["texts"]["title"] == "Tea"


def test_someone_elses_draft_comes_back_untouched(client, widget):
    theirs = save_draft(actor=None, widget=widget, configuration=with_title(widget, "Theirs"))
    answer = save(client, widget, with_title(widget, "Mine"))
    assert (answer.status_code, answer.json()["revision"]) == (412, theirs.draft_revision)
    assert answer.json()["configuration"]["texts"]["title"] == "Theirs"
    assert save(client, widget, with_title(widget, "Mine"), theirs.draft_revision).status_code == 200


def test_what_cannot_be_is_told_by_field(client, widget):
    answer = save(client, widget, {**widget.draft, "window": {"width": 1, "height": 640}})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"window.width": "The least is 320."}})


@pytest.mark.parametrize("match", ["", "7", '"x"', "*"])
def test_revision_must_be_named(client, widget, match):
    body = json.dumps({"configuration": widget.draft})
    answer = client.post(url(widget, "draft/"), body, content_type="application/json", headers={"If-Match": match})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", ["[1", "[]", "{}", '{"configuration": 1}'])
def test_nonsense_is_refused(client, widget, body):
    answer = client.post(url(widget, "draft/"), body, content_type="application/json", headers={"If-Match": '"1"'})
    assert answer.status_code == 400


def test_outsiders_and_analysts_store_nothing(client, as_role, widget, charlies_widget):
    assert save(client, charlies_widget, charlies_widget.draft).status_code == 404
    refused = save(as_role(Role.ANALYST), widget, widget.draft)
    assert (refused.status_code, refused.json()) == (403, {})


def test_suspended_organization_is_told_so_in_json(client, widget, organization):
    suspend_organization(actor=None, organization=organization, now=timezone.now())
    answer = save(client, widget, widget.draft)
    told = {"message": "The organization is suspended: it can be looked at, and not changed."}
    assert (answer.status_code, answer.json()) == (403, told)
