"""For every page of a widget: its own row, another's as absent as none, and a role that may not."""

import pytest

from accounts.permissions import Role

READ = ("install/", "problems/")
EDIT = ("", "publish/", "settings/", "share/")
SECRET = ("connection/",)
POST_ONLY = ("switch/", "delete/", "publish/later/", "publish/later/cancel/")
ASKING = ("unpublish/", "versions/1/restore/")  # GET asks, POST does
BASE = "/o/alices-shop/widgets/"


@pytest.mark.parametrize("page", [*READ, *EDIT, *SECRET])
def test_own_widget_is_shown(client, widget, page):
    response = client.get(f"{BASE}{widget.public_id}/{page}")
    assert response.status_code == 200
    assert widget.name in response.content.decode()


@pytest.mark.parametrize("page", [*READ, *EDIT, *SECRET])
def test_widget_of_others_is_as_absent_as_none(client, widget, charlies_widget, page):
    foreign = client.get(f"{BASE}{charlies_widget.public_id}/{page}")
    absent = client.get(f"{BASE}wgt_0000000000000000000000/{page}")
    elsewhere = client.get(f"/o/charlies-bakery/widgets/{charlies_widget.public_id}/{page}")
    assert [foreign.status_code, absent.status_code, elsewhere.status_code] == [404, 404, 404]
    assert foreign.content == absent.content == elsewhere.content


@pytest.mark.parametrize("page", [*POST_ONLY, *ASKING, "trial/", "preview-secrets/"])
def test_deeds_on_a_widget_of_others_find_nothing(client, widget, charlies_widget, page):
    foreign = client.post(f"{BASE}{charlies_widget.public_id}/{page}", {"typed": charlies_widget.name})
    absent = client.post(f"{BASE}wgt_0000000000000000000000/{page}")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    before = charlies_widget.draft_revision
    charlies_widget.refresh_from_db()
    assert (charlies_widget.enabled, charlies_widget.draft_revision) == (True, before)
    assert charlies_widget.published is not None


@pytest.mark.parametrize("page", POST_ONLY)
def test_deeds_take_a_post(client, widget, page):
    assert client.get(f"{BASE}{widget.public_id}/{page}").status_code == 405


@pytest.mark.parametrize(("role", "allowed"), [(Role.BILLING, ()), (Role.ANALYST, READ), (Role.EDITOR, READ + EDIT)])
def test_role_opens_its_pages_only(as_role, widget, role, allowed):
    client = as_role(role)
    answers = {page: client.get(f"{BASE}{widget.public_id}/{page}").status_code for page in READ + EDIT + SECRET}
    assert answers == {page: 200 if page in allowed else 403 for page in answers}


@pytest.mark.parametrize("page", [*POST_ONLY, *ASKING])
def test_analyst_changes_nothing(as_role, widget, page):
    client = as_role(Role.ANALYST)
    assert client.post(f"{BASE}{widget.public_id}/{page}", {"typed": widget.name}).status_code == 403
    widget.refresh_from_db()
    assert widget.published is not None


def test_refusing_page_says_what_to_do(as_role, widget):
    response = as_role(Role.BILLING).get(BASE)
    assert (response.status_code, "Your role does not allow this" in response.content.decode()) == (403, True)


def test_analyst_creates_nothing(as_role, license):
    client = as_role(Role.ANALYST)
    assert client.get(f"{BASE}new/").status_code == 403
    assert client.post(f"{BASE}new/", {"widget_type": "n8n", "name": "Tea"}).status_code == 403
    assert license.widgets.count() == 0


def test_list_of_others_is_as_absent_as_none(client, widget, charlies_widget):
    foreign, absent = client.get("/o/charlies-bakery/widgets/"), client.get("/o/nowhere/widgets/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_pages_are_not_kept_by_the_browser(client, widget):
    assert client.get(BASE).headers["Cache-Control"] == "private, no-store"


def test_stranger_is_led_to_the_login(client, widget):
    client.logout()
    path = f"{BASE}{widget.public_id}/"
    assert client.get(path).url == f"/login/?next={path}"
