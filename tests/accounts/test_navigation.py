"""The menu, and the command palette of pages that belong to no organization."""

import pytest
from django.template import RequestContext
from django.test import RequestFactory

from accounts import navigation
from accounts.navigation import Place, places_of
from accounts.permissions import Permission, Role, permissions_of
from accounts.templatetags.navigation import menu
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
ALL = frozenset(Permission)


@pytest.fixture
def few_places(monkeypatch):
    """Two shown and two folded, whatever other pages there are."""
    places = (
        Place("Widgets", "widgets:list", Permission.WIDGET_READ),
        Place("Customers", "licenses:list", Permission.CUSTOMER_READ, ("reseller",)),
        Place("Team", "accounts:enter", Permission.MEMBER_MANAGE, folded=True),
        Place("Audit log", "widgets:create", Permission.AUDIT_READ, folded=True),
    )
    monkeypatch.setattr(navigation, "PLACES", places)


def shown(path: str, permissions=ALL):
    request = RequestFactory().get(path)
    request.organization, request.permissions = make_organization("Alice's shop"), permissions
    return menu(RequestContext(request, {"request": request}))


def test_places_depend_on_kind_and_role(few_places):
    def labels(kind: str, role: Role) -> list[str]:
        return [place.label for place in places_of(kind, "x", permissions_of(role))]

    assert labels("customer", Role.OWNER) == ["Widgets", "Team", "Audit log"]
    assert labels("customer", Role.ANALYST) == ["Widgets"]
    assert labels("reseller", Role.RESELLER_SUPPORT) == ["Widgets", "Customers"]


def test_what_is_seldom_needed_is_folded(few_places):
    found = shown("/o/alices-shop/widgets/wgt_1/")
    assert [(link.label, link.here) for link in found.shown] == [("Widgets", True)]
    assert [link.label for link in found.folded] == ["Team", "Audit log"]


def test_menu_says_where_one_is(few_places):
    assert shown("/o/alices-shop/widgets/new/").here.label == "Team"
    assert shown("/elsewhere/").here is None


def test_one_alone_is_not_folded(few_places):
    found = shown("/", frozenset({Permission.MEMBER_MANAGE, Permission.WIDGET_READ}))
    assert ([link.label for link in found.shown], found.folded) == (["Widgets", "Team"], [])


def test_palette_without_an_organization_offers_all_of_them(client):
    alice = make_user("alice")
    make_organization("Alice's shop", alice)
    make_organization("Charlie's bakery", make_user("charlie"))
    client.force_login(alice)
    groups = client.get("/search/").json()["groups"]
    assert [group["label"] for group in groups] == ["Organizations", "Actions"]
    assert groups[0]["items"] == [{"label": "Alice's shop", "path": "/o/alices-shop/"}]
    assert client.get("/search/", {"q": "log OUT"}).json()["groups"] == [
        {"label": "Actions", "items": [{"label": "Log out", "press": "log-out"}]}
    ]


def test_palette_takes_a_login(client):
    assert client.get("/search/").url == "/login/?next=/search/"


def test_what_the_palette_presses_is_on_the_page(client):
    client.force_login(make_user("alice"))
    page = client.get("/password/change/").content.decode()
    assert ['id="log-out"' in page, page.count("data-theme-form")] == [True, 1]
