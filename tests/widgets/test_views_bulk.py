"""One deed for many widgets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from tests.build import make_widget
from tests.widgets.test_versions import retitle
from widgets.models import Widget
from widgets.planning import plan_publication

LIST = "/o/alices-shop/widgets/"
URL = f"{LIST}many/"


@pytest.fixture
def three(license):
    return [make_widget(license, name=f"Chat {number}", publish=False) for number in range(3)]


def post(client, action: str, widgets, query: str = "", **more):
    return client.post(f"{URL}{query}", {"action": action, "pick": [each.public_id for each in widgets], **more})


def told(client, response) -> list[str]:
    return [str(message) for message in client.get(response.url).context["messages"]]


def agree(client, action: str, widgets, query: str = ""):
    """Asked first, then confirmed as the page has it."""
    asked = post(client, action, widgets, query)
    shown = [effect.widget for effect in asked.context["effects"]]
    seen = {f"revision-{widget.public_id}": widget.draft_revision for widget in shown}
    return post(client, action, shown, query, sure="1", **seen)


def test_all_that_are_picked_are_published(client, three):
    response = agree(client, "publish", three[:2], "?type=n8n")
    assert (response.url, told(client, response)) == (f"{LIST}?type=n8n", ["2 widgets published."])
    assert [widget.published_id is not None for widget in Widget.objects.all()] == [True, True, False]


def test_what_cannot_be_published_is_named_and_the_others_are(client, three, license):
    keyless = make_widget(license, "chatkit", name="Agent", publish=False)
    keyless.credentials.all().delete()
    assert told(client, agree(client, "publish", [three[0], keyless])) == [
        "1 widget published.",
        "“Agent” was left as it is: Store the OpenAI API key under Connection.",
    ]


def test_publishing_is_asked_with_what_it_does_to_each(client, three, license, alice):
    plain = {"theme": {"accent": "#1f5eff", "accent_ink": "#1f5eff"}}
    live = make_widget(license, name="Live")
    retitle(live, "Second")
    pale = make_widget(license, name="Pale", configuration=plain, publish=False)
    at = timezone.now() + timedelta(days=1)
    plan_publication(actor=alice, widget=pale, at=at, zone="UTC", now=timezone.now())
    keyless = make_widget(license, connection={"url": ""}, publish=False)
    effects = post(client, "publish", [live, pale, keyless]).context["effects"]
    assert [effect.told for effect in effects] == [
        ["1 change since version 1, which the sites show."],
        [
            "Nothing of it is on the sites now: they will show it.",
            "The scheduled publication stays, and replaces this at its time.",
            "Text on the accent: contrast 1.00 : 1, 4.5 : 1 is needed to be read well.",
        ],
        ["It will be left as it is. Enter the webhook URL under Connection."],
    ]
    assert [widget.versions.count() for widget in (live, pale, keyless)] == [1, 0, 0]


def test_only_what_happens_is_offered(client, three, license):
    keyless = make_widget(license, connection={"url": ""}, publish=False)
    some, none = (post(client, "publish", picked) for picked in ([*three[:2], keyless], [keyless]))
    assert (some.context["deed"], 'value="publish"' in some.content.decode()) == ("Publish 2 widgets", True)
    assert 'value="publish"' not in none.content.decode()


def test_draft_that_was_not_looked_at_is_not_published(client, three):
    seen = {f"revision-{widget.public_id}": widget.draft_revision for widget in three[:2]}
    retitle(three[0], "Bob's")
    assert told(client, post(client, "publish", three[:2], sure="1", **seen)) == [
        "1 widget published.",
        "“Chat 0” was left as it is: The widget was changed by someone else in the meantime.",
    ]


def test_switching_off_is_asked_with_what_is_lost(client, three, widget):
    page = post(client, "off", [three[0], widget])
    assert ([effect.told for effect in page.context["effects"]], page.context["live"]) == (
        [["Sites show nothing of it now."], ["The sites that have it lose the chat."]],
        1,
    )
    assert Widget.objects.filter(enabled=False).count() == 0


def test_widgets_are_switched_off_and_on(client, three):
    assert told(client, agree(client, "off", three)) == ["3 widgets switched off."]
    assert told(client, post(client, "on", three[:1])) == ["1 widget switched on."]
    assert [widget.enabled for widget in Widget.objects.all()] == [True, False, False]


def test_deleting_asks_first_and_says_what_goes(client, three, license):
    agent = make_widget(license, "chatkit", name="Agent")
    page = post(client, "delete", [*three[:2], agent])
    facts = [page.context[key] for key in ("live", "versions", "secrets")]
    assert (page.status_code, facts, Widget.objects.count()) == (200, [1, 1, 1], 4)


def test_deleting_takes_the_number(client, three):
    wrong = post(client, "delete", three[:2], typed="3")
    assert (wrong.status_code, Widget.objects.count()) == (422, 3)
    right = post(client, "delete", three[:2], typed="2")
    assert (told(client, right), Widget.objects.get().name) == (["2 widgets deleted."], "Chat 2")


def test_nothing_picked_is_said(client, three):
    assert told(client, post(client, "off", [])) == ["Nothing is selected. Tick the widgets that are meant."]


def test_unknown_action_does_nothing(client, three):
    assert told(client, post(client, "explode", three)) == []


@pytest.mark.parametrize("action", ["publish", "off", "delete"])
def test_widgets_of_others_are_not_touched(client, widget, charlies_widget, action):
    post(client, action, [charlies_widget], typed="1", sure="1")
    before = charlies_widget.versions.count()
    charlies_widget.refresh_from_db()
    assert (charlies_widget.enabled, before) == (True, 1)


def test_analyst_is_offered_nothing_and_may_nothing(as_role, three):
    client = as_role(Role.ANALYST)
    assert client.get(LIST).context["bulk"] is None
    assert post(client, "off", three).status_code == 403
