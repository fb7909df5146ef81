"""The command palette of an organization's pages."""

import pytest

from accounts.permissions import Role
from tests.build import make_organization, make_widget
from widgets.models import Widget

URL = "/o/alices-shop/search/"


def found(client, query: str = "") -> dict[str, list[str]]:
    groups = client.get(URL, {"q": query}).json()["groups"]
    return {group["label"]: [item["label"] for item in group["items"]] for group in groups}


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_the_same_queries_for_any_number(client, license, count, django_assert_num_queries):
    for number in range(count):
        make_widget(license, name=f"Chat {number}")
    with django_assert_num_queries(4):  # session, user, memberships, widgets
        assert found(client, "chat")["Widgets"] == [f"Chat {number}" for number in range(count)]


def test_widgets_are_found_by_name_and_id(client, license):
    tea, _ = make_widget(license, name="Tea"), make_widget(license, name="Coffee")
    assert found(client, "TEA")["Widgets"] == ["Tea"]
    assert found(client, tea.public_id) == {"Widgets": ["Tea"]}
    (group,) = client.get(URL, {"q": tea.public_id}).json()["groups"]
    assert group["items"] == [
        {"label": "Tea", "note": "n8n workflow", "path": f"/o/alices-shop/widgets/{tea.public_id}/"}
    ]


def test_without_a_query_those_come_that_were_changed_last(client, license):
    for number in range(9):
        make_widget(license, name=f"Chat {number}")
    Widget.objects.filter(name="Chat 4").update(changed_at="2030-01-01T00:00Z")
    groups = found(client)
    assert (groups["Widgets"][0], len(groups["Widgets"])) == ("Chat 4", 8)
    assert groups["Places"][:3] == ["Overview", "Widgets", "Licences"]
    assert groups["Actions"][0] == "New widget"


def test_other_organizations_are_offered(client, alice, license):
    assert "Organizations" not in found(client)
    make_organization("Bakery", alice)
    assert found(client, "bakery") == {"Organizations": ["Bakery"]}


@pytest.mark.parametrize("query", ["nothing is called this", "\0", "%", "x" * 5000])
def test_nothing_is_found(client, widget, query):
    assert found(client, query).get("Widgets", []) == (["Helper"] if query == "\0" else [])


def test_widgets_of_others_are_not_found(client, widget, charlies_widget):
    charlies_widget.name = "Secret"
    charlies_widget.save()
    assert found(client, "secret") == {}
    assert client.get("/o/charlies-bakery/search/").status_code == 404


@pytest.mark.parametrize("role", [Role.BILLING, Role.ANALYST])
def test_role_is_offered_what_it_may(as_role, widget, role):
    groups = found(as_role(role), "")
    assert ("Widgets" in groups, "New widget" in groups["Actions"]) == (role == Role.ANALYST, False)
