import base64
import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.utils import timezone

from accounts.permissions import Role
from licenses.services import revoke_license
from tests.build import make_license, make_widget
from widgets.models import Widget
from widgets.planning import cancel_plan, plan_publication
from widgets.rotation import rotate
from widgets.services import rename_widget, save_draft, set_enabled, unpublish_widget
from widgets.standing import STATES

URL = "/o/alices-shop/widgets/"


def words(response) -> dict[str, str]:
    return {widget.name: standing.word for widget, standing in response.context["rows"]}


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(client, license, count, django_assert_num_queries):
    for number in range(count):
        make_widget(license, name=f"Chat {number}")
    with django_assert_num_queries(6):  # session, user, memberships, licences, count, widgets
        response = client.get(URL)
    assert [widget.name for widget, _ in response.context["rows"]] == [f"Chat {number}" for number in range(count)]


@pytest.fixture
def every_state(license, alice):
    """A widget in every state, named after it."""
    make_widget(license, name="live")
    unpublish_widget(actor=alice, widget=make_widget(license, name="unpublished"))
    make_widget(license, name="new", publish=False)
    set_enabled(actor=alice, widget=make_widget(license, name="off"), enabled=False)
    changed = make_widget(license, name="changed")
    save_draft(actor=alice, widget=changed, configuration=changed.draft | {"teaser": {"text": "Hello", "delay": 1}})
    reconnected = make_widget(license, name="reconnected")
    save_draft(actor=alice, widget=reconnected, connection={"url": "https://n8n.example.com/webhook/other/chat"})
    ended = make_license(license.organization, expires_at=timezone.now() - timedelta(days=30))
    make_widget(ended, name="stopped")
    make_widget(make_license(license.organization, features=["n8n"]), name="also live")
    poor = make_license(license.organization, features=["chatkit"])
    make_widget(poor, "chatkit", name="agent")
    poor.features_removed = ["chatkit"]
    poor.save()


def test_list_says_how_each_stands(client, every_state):
    assert words(client.get(URL)) == {
        "live": "Live",
        "also live": "Live",
        "unpublished": "Unpublished",
        "new": "Never published",
        "off": "Switched off",
        "changed": "Unpublished changes",
        "reconnected": "Unpublished changes",
        "stopped": "Licence problem",
        "agent": "Licence problem",
    }


def test_list_tells_what_is_planned(client, widget, alice):
    at = datetime(2030, 1, 7, 8, tzinfo=UTC)
    plan_publication(actor=alice, widget=widget, at=at, zone="Europe/Berlin", now=at - timedelta(days=1))
    page = client.get(URL).content.decode()
    assert "Sites show version 1, the same as the draft." in page
    assert "Publication scheduled for 7 Jan 2030, 09:00 (Europe/Berlin)." in page
    cancel_plan(actor=alice, widget=widget, now=at)
    assert "Publication scheduled" not in client.get(URL).content.decode()


def test_list_is_taken_along_as_csv(client, license, alice, charlies_widget, django_assert_num_queries):
    for name in ("=1+1", "Tea", "Coffee"):
        make_widget(license, name=name, publish=name == "Tea")
    with django_assert_num_queries(6):  # as the list
        head, *lines = csv.reader(StringIO(client.get(f"{URL}widgets.csv").content.decode("utf-8-sig")))
    assert head == ["widget", "name", "type", "licence", "state", "version", "changed", "last_seen", "scheduled"]
    assert [line[1:2] + line[4:6] for line in lines] == [
        ["'=1+1", "Never published", ""],
        ["Coffee", "Never published", ""],
        ["Tea", "Live", "1"],
    ]
    narrowed = client.get(f"{URL}widgets.csv", {"state": "live"}).content.decode()
    assert (narrowed.count("\r\n"), f'href="{URL}widgets.csv?' in client.get(f"{URL}?state=live").content.decode()) == (
        2,
        True,
    )


def test_state_is_filtered_and_sorted_as_it_is_told(client, every_state):
    told = words(client.get(URL))
    for key, word in STATES.items():
        assert words(client.get(URL, {"state": key})) == {name: each for name, each in told.items() if each == word}
    ordered = list(words(client.get(URL, {"sort": "state"})).values())
    assert ordered == sorted(ordered, key=list(STATES.values()).index)


def test_rotated_keys_are_no_change(client, license, settings):
    make_widget(license, name="live")
    settings.SEALING_KEYS = ["t2:" + base64.b64encode(b"u" * 32).decode(), *settings.SEALING_KEYS]
    rotate()
    assert words(client.get(URL, {"state": "live"})) == {"live": "Live"}


def test_type_and_licence_are_filtered(client, license):
    other = make_license(license.organization)
    make_widget(license, name="one")
    make_widget(other, "chatkit", name="other")
    assert list(words(client.get(URL, {"type": "chatkit"}))) == ["other"]
    assert list(words(client.get(URL, {"licence": license.public_id}))) == ["one"]


def test_what_was_changed_and_seen_last_is_found(client, license, alice):
    first, second = make_widget(license, name="first"), make_widget(license, name="second")
    rename_widget(actor=alice, widget=first, name="first")
    Widget.objects.filter(pk=second.pk).update(last_seen_at=timezone.now())
    assert list(words(client.get(URL, {"sort": "-changed"}))) == ["first", "second"]
    assert list(words(client.get(URL, {"sort": "-seen"}))) == ["second", "first"]


def test_licence_comes_first(client, widget, license, alice):
    revoke_license(actor=None, license=license, reason="test", now=timezone.now())
    response = client.get(URL)
    assert words(response) == {"Helper": "Licence problem"}
    assert "The licence was revoked." in response.content.decode()


def test_search_finds_by_name_and_id(client, license):
    tea, coffee = make_widget(license, name="Tea"), make_widget(license, name="Coffee")
    assert list(words(client.get(URL, {"q": "cof"}))) == ["Coffee"]
    assert list(words(client.get(URL, {"q": tea.public_id}))) == ["Tea"]
    assert "No widget matches “juice”" in client.get(URL, {"q": "juice"}).content.decode()
    assert coffee.name in words(client.get(URL, {"q": " "}))


def test_widgets_of_others_are_not_listed(client, widget, charlies_widget):
    charlies_widget.name = "Charlie's own"
    charlies_widget.save()
    assert list(words(client.get(URL))) == ["Helper"]


def test_empty_list_has_one_thing_to_do(client, license):
    page = client.get(URL).content.decode()
    assert page.count(f'href="{URL}new/"') == 1
    assert "Create the first widget" in page


def test_empty_list_without_licence_says_who_gives_one(client, organization):
    page = client.get(URL).content.decode()
    assert "There is no licence yet" in page
    assert f'href="{URL}new/"' not in page


def test_analyst_is_led_to_what_they_may_see(as_role, widget):
    page = as_role(Role.ANALYST).get(URL).content.decode()
    assert f"{URL}{widget.public_id}/install/" in page
    assert f'href="{URL}new/"' not in page
