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
    connection = ("Connection", "not shown", "changed, not shown")
    assert told == [(2, [("Texts: Title", "How can we help?", "Second"), connection]), (1, [])]
    assert [(c.before, c.after) for c in context["pending"]] == [("Second", "Third")]


def test_what_the_draft_is_already_is_not_restored(client, second, as_role):
    def offered() -> list[bool]:
        return [not line.is_draft for line in client.get(url(second, "versions/")).context["lines"]]

    assert offered() == [True, True]
    restore(client, second, 2)
    assert offered() == [False, True]
    assert "The draft is this version." in client.get(url(second, "versions/")).content.decode()
    save_draft(actor=None, widget=second, connection={"url": "https://n8n.example.com/webhook/third"})
    assert offered() == [True, True]
    as_role(Role.EDITOR)  # who restores no connection
    assert offered() == [False, True]


def test_changed_colour_is_shown(client, widget, alice):
    theme = widget.draft["theme"] | {"accent": "#0f766e"}
    save_draft(actor=alice, widget=widget, configuration=widget.draft | {"theme": theme})
    page = client.get(url(widget, "versions/")).content.decode()
    assert [f'fill="{color}"/></svg>{color}</span></td>' in page for color in ("#1f5eff", "#0f766e")] == [True, True]


def test_second_page_is_compared_with_what_comes_before(client, widget, monkeypatch):
    monkeypatch.setattr("widgets.views.versions.PAGE", 1)
    publish_widget(actor=None, widget=retitle(widget, "Second"))
    line = client.get(url(widget, "versions/")).context["lines"][0]
    assert (line.version.number, [change.after for change in line.changes]) == (2, ["Second"])


def test_versions_need_few_queries(client, second, django_assert_num_queries):
    path = url(second, "versions/")
    with django_assert_num_queries(7):  # session, user, memberships, widget; count, versions, the one before
        client.get(path)


def restore(client, widget, number, revision=None):
    """As somebody who was asked while the draft was of this revision."""
    sent = {"revision": revision or Widget.objects.get(pk=widget.pk).draft_revision}
    return client.post(url(widget, f"versions/{number}/restore/"), sent)


def test_version_is_restored_as_a_draft(client, second):
    answer = restore(client, second, 1)
    assert answer.url == url(second)
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "How can we help?"
    assert draft_connection(second).url == "https://n8n.example.com/webhook/demo/chat"
    assert second.published.number == 2


def test_draft_is_discarded(client, second):
    restore(client, second, 2)
    again = Widget.objects.with_state().get()
    assert (again.draft["texts"]["title"], again.has_unpublished_changes) == ("Second", False)


def test_editor_restores_no_address_that_would_get_the_secrets(as_role, second):
    client = as_role(Role.EDITOR)
    asked = client.get(url(second, "versions/1/restore/"))
    assert [change.label for change in asked.context["changes"]] == ["Texts: Title"]
    assert "The connection of version 1 is another. The draft keeps its own" in asked.content.decode()
    restore(client, second, 1)
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "How can we help?"
    assert draft_connection(second).url == "https://n8n.example.com/webhook/second"


def test_restoring_says_that_the_connection_comes_along(client, second):
    asked = client.get(url(second, "versions/1/restore/"))
    page = asked.content.decode()
    assert [change.label for change in asked.context["changes"]] == ["Texts: Title", "Connection"]
    assert "1 setting of the draft will be as in version 1." in page
    assert "The connection changes too: the other side will be reached as in version 1." in page
    assert "webhook/second" not in page


def test_draft_that_was_saved_after_the_question_is_not_thrown_away(client, second):
    asked = second.draft_revision
    retitle(second, "Bob's")
    answer = restore(client, second, 2, asked)
    assert (answer.status_code, [change.before for change in answer.context["changes"]]) == (409, ["Bob's"])
    assert "Someone changed the draft in the meantime." in answer.content.decode()
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "Bob's"
    assert restore(client, second, 2, answer.context["revision"]).status_code == 302
    second.refresh_from_db()
    assert second.draft["texts"]["title"] == "Second"


def test_version_of_an_older_form_is_not_taken(client, second):
    version = second.versions.get(number=1)
    version.configuration["gone"] = 1
    version.save()
    page = client.get(restore(client, second, 1).url).content.decode()
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
        Change("texts.subtitle", "Texts: Subtitle", "empty", "x" * 80 + "…"),
        Change("prompts", "Starter prompts", "none", "Hours · When?"),
        Change("gone", "gone", "not set", "1"),
    ]


def test_long_texts_are_cut_where_they_do_not_differ():
    model = get_type("n8n").configuration
    before, after = ({"texts": {"disclaimer": "x" * 200 + end + "y" * 79}} for end in ("A", "B"))
    [change] = differences(model, before, after)
    cut = "…" + "x" * 20 + "{}" + "y" * 59 + "…"
    assert (change.before, change.after) == (cut.format("A"), cut.format("B"))
    [change] = differences(model, {"texts": {"disclaimer": "x" * 80}}, {"texts": {"disclaimer": "x" * 81}})
    assert (change.before, change.after) == ("x" * 80, "…" + "x" * 21)
