import pytest

from accounts.permissions import Role
from tests.build import make_widget
from tests.widgets.test_views_edit import url
from widgets.difference import Change, differences
from widgets.models import Widget
from widgets.services import draft_connection, publish_widget, save_draft
from widgets.types import get_type


def retitle(widget, title, connection=None):
    texts = {**widget.draft["texts"], "title": title}
    more = {"connection": connection} if connection else {}
    return save_draft(actor=None, widget=widget, configuration={**widget.draft, "texts": texts}, **more)


@pytest.fixture
def second(widget, alice):
    """Version 2 has another title and another address; the draft a third title."""
    widget = retitle(widget, "Second", {"url": "https://n8n.example.com/webhook/second"})
    publish_widget(actor=alice, widget=widget, note="Shorter")
    return retitle(widget, "Third")


def test_versions_tell_what_changed(client, second):
    context = client.get(url(second, "versions/")).context
    told = [(line.version.number, [(c.label, c.before, c.after) for c in line.changes]) for line in context["lines"]]
    assert told == [(2, [("Texts: Title", "How can we help?", "Second")]), (1, [])]
    assert [(c.before, c.after) for c in context["pending"]] == [("Second", "Third")]


def test_second_page_is_compared_with_what_comes_before(client, widget, monkeypatch):
    monkeypatch.setattr("widgets.views.versions.PAGE", 1)
    publish_widget(actor=None, widget=retitle(widget, "Second"))
    line = client.get(url(widget, "versions/")).context["lines"][0]
    assert (line.version.number, [change.after for change in line.changes]) == (2, ["Second"])


def test_versions_need_few_queries(client, second, django_assert_num_queries):
    path = url(second, "versions/")
    with django_assert_num_queries(7):  # session, user, memberships, widget; count, versions, the one before
        client.get(path)


def test_version_is_restored_as_a_draft(client, second):
    answer = client.post(url(second, "versions/1/restore/"))
    assert answer.url == url(second)
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "How can we help?"
    assert draft_connection(second).url == "https://n8n.example.com/webhook/demo/chat"
    assert second.published.number == 2


def test_draft_is_discarded(client, second):
    client.post(url(second, "versions/2/restore/"))
    again = Widget.objects.with_state().get()
    assert (again.draft["texts"]["title"], again.has_unpublished_changes) == ("Second", False)


def test_editor_restores_no_address_that_would_get_the_secrets(as_role, second):
    as_role(Role.EDITOR).post(url(second, "versions/1/restore/"))
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "How can we help?"
    assert draft_connection(second).url == "https://n8n.example.com/webhook/second"


def test_version_of_an_older_form_is_not_taken(client, second):
    version = second.versions.get(number=1)
    version.configuration["gone"] = 1
    version.save()
    page = client.post(url(second, "versions/1/restore/"), follow=True).content.decode()
    assert "Version 1 is of an older form and cannot be taken any more." in page
    assert client.post(url(second, "versions/9/restore/")).status_code == 404


def test_widget_is_duplicated_without_secrets(client, license):
    widget = make_widget(license, "chatkit", configuration={"title": "Agent"}, connection={"workflow_id": "wf_mine"})
    client.post(url(widget, "duplicate/"))
    copy = Widget.objects.get(name="Copy of Helper")
    assert (copy.draft, draft_connection(copy).workflow_id) == (widget.draft, "wf_mine")
    assert (copy.credentials.count(), copy.published) == (0, None)


def test_publish_page_warns_of_what_is_hard_to_read(client, license):
    widget = make_widget(license, configuration={"theme": {"accent": "#ffee00"}})
    page = client.get(url(widget, "publish/")).content.decode()
    assert "Text on the accent: contrast 1.20 : 1" in page


@pytest.mark.parametrize("page", ["versions/", "looks/", "export/"])
def test_analysts_do_not_come_in(as_role, widget, page):
    assert as_role(Role.ANALYST).get(url(widget, page)).status_code == 403


def test_differences_are_in_words():
    model = get_type("n8n").configuration
    before = model().model_dump(mode="json")
    after = {**before, "prompts": [{"label": "Hours", "prompt": "When?"}], "gone": 1}
    after["texts"] = {**before["texts"], "subtitle": "x" * 100}
    assert differences(model, before, after) == [
        Change("texts.subtitle", "Texts: Subtitle", "empty", "x" * 79 + "…"),
        Change("prompts", "Starter prompts", "none", "Hours · When?"),
        Change("gone", "gone", "not set", "1"),
    ]
