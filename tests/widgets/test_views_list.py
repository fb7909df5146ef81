import pytest
from django.utils import timezone

from accounts.permissions import Role
from licenses.services import revoke_license
from tests.build import make_widget
from widgets.services import save_draft, set_enabled, unpublish_widget

URL = "/o/alices-shop/widgets/"


def words(response) -> dict[str, str]:
    return {widget.name: standing.word for widget, standing in response.context["rows"]}


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(client, license, count, django_assert_num_queries):
    for number in range(count):
        make_widget(license, name=f"Chat {number}")
    with django_assert_num_queries(5):  # session, user, memberships, count, widgets
        response = client.get(URL)
    assert [widget.name for widget, _ in response.context["rows"]] == [f"Chat {number}" for number in range(count)]


def test_list_says_how_each_stands(client, license, alice):
    make_widget(license, name="live")
    unpublished = make_widget(license, name="unpublished")
    unpublish_widget(actor=alice, widget=unpublished)
    make_widget(license, name="new", publish=False)
    off = make_widget(license, name="off")
    set_enabled(actor=alice, widget=off, enabled=False)
    changed = make_widget(license, name="changed")
    save_draft(actor=alice, widget=changed, configuration=changed.draft | {"teaser": {"text": "Hello", "delay": 1}})
    assert words(client.get(URL)) == {
        "live": "Live",
        "unpublished": "Unpublished",
        "new": "Never published",
        "off": "Switched off",
        "changed": "Unpublished changes",
    }


def test_licence_comes_first(client, widget, license, alice):
    revoke_license(actor=None, license=license, reason="test", now=timezone.now())
    response = client.get(URL)
    assert words(response) == {"Helper": "Licence problem"}
    assert "The licence was revoked." in response.content.decode()


def test_search_finds_by_name_and_id(client, license):
    tea, coffee = make_widget(license, name="Tea"), make_widget(license, name="Coffee")
    assert list(words(client.get(URL, {"q": "cof"}))) == ["Coffee"]
    assert list(words(client.get(URL, {"q": tea.public_id}))) == ["Tea"]
    assert "No widget is called “juice”" in client.get(URL, {"q": "juice"}).content.decode()
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
