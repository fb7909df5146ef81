"""The command palette of an organization's pages."""

import pytest

from accounts.permissions import Role
from tests.build import make_license, make_organization, make_widget
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
    with django_assert_num_queries(5):  # and those with which something is done
        assert len(found(client, "publish")["With a widget"]) == count
    with django_assert_num_queries(5):  # and the licences
        assert found(client, "domains")["Licences"] == ["Domains of licence Test"]


def test_widgets_are_found_by_name_and_id(client, license):
    tea, _ = make_widget(license, name="Tea"), make_widget(license, name="Coffee")
    assert found(client, "TEA")["Widgets"] == ["Tea"]
    assert found(client, tea.public_id)["Widgets"] == ["Tea"]
    group, _ = client.get(URL, {"q": tea.public_id}).json()["groups"]
    assert group["items"] == [
        {"label": "Tea", "note": "n8n workflow", "path": f"/o/alices-shop/widgets/{tea.public_id}/"}
    ]


OF = [f"{thing} of {{}}" for thing in ("Connection", "Versions", "Preview link", "Appearance")]
EVERYTHING = ["Publish {}…", "Install {}", *OF]


def test_what_is_done_with_a_widget_is_found(client, license):
    tea, _ = make_widget(license, name="Tea"), make_widget(license, name="Coffee")
    assert found(client, "tea")["With a widget"] == [deed.format("Tea") for deed in EVERYTHING]
    assert found(client, "publish")["With a widget"] == ["Publish Coffee…", "Publish Tea…"]
    assert found(client, "versions of tea") == {"With a widget": ["Versions of Tea"]}
    assert found(client, "accent tea") == {"With a widget": ["Appearance of Tea"]}
    assert ["With a widget" in found(client, query) for query in ("", "e")] == [False, False]
    paths = [item["path"] for item in client.get(URL, {"q": "tea"}).json()["groups"][1]["items"]]
    assert paths == [
        f"/o/alices-shop/widgets/{tea.public_id}/{page}"
        for page in ("publish/", "install/", "connection/", "versions/", "share/", "#f-theme")
    ]
    assert [client.get(path.partition("#")[0]).status_code for path in paths] == [200] * 6


def test_domains_and_the_theme_are_found(client, license, charlies_widget):
    make_license(license.organization)
    assert len(found(client, "domains")["Licences"]) == 2
    (group,) = client.get(URL, {"q": f"domains of {license.public_id}"}).json()["groups"]
    assert [item["path"] for item in group["items"]] == [f"/o/alices-shop/licenses/{license.public_id}/domains/"]
    assert found(client, f"domains {charlies_widget.license.public_id}") == {}
    assert found(client, "dark mode") == {"Actions": ["Theme: dark"]}


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
    assert [found(client, query) for query in ("secret", "publish secret", "domains secret")] == [{}, {}, {}]
    assert client.get("/o/charlies-bakery/search/").status_code == 404


@pytest.mark.parametrize("role", [Role.BILLING, Role.ANALYST])
def test_role_is_offered_what_it_may(as_role, widget, role):
    client, reads = as_role(role), role == Role.ANALYST
    groups = found(client, "")
    assert ("Widgets" in groups, "New widget" in groups["Actions"]) == (reads, False)
    assert found(client, "helper").get("With a widget", []) == (["Install Helper"] if reads else [])
    assert found(client, "publish") | found(client, "domains") == {}
    assert found(client, "install") == ({"With a widget": ["Install Helper"]} if reads else {})
