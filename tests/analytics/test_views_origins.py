from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.permissions import Role
from accounts.services import add_member
from analytics.models import SeenOrigin
from analytics.origins import Load, Refusal, write_loads, write_refusals
from tests.build import make_license, make_organization, make_user, make_widget

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = "/o/alices-shop/"


@pytest.fixture
def widget():
    return make_widget(make_license(make_organization("Alice's shop", make_user("alice"))))


@pytest.fixture
def client(client, widget):
    client.force_login(widget.organization.memberships.get().user)
    return client


def seen_url(license, page="") -> str:
    return f"{BASE}licenses/{license.public_id}/seen/{page}"


def sightings_url(widget) -> str:
    return f"{BASE}widgets/{widget.public_id}/sightings/"


def refuse(widget, *names, minutes=0) -> None:
    at = NOON + timedelta(minutes=minutes)
    write_refusals([Refusal(widget.organization_id, widget.license_id, name, at) for name in names])


def load(widget, *names, hours=0) -> None:
    at = NOON + timedelta(hours=hours)
    write_loads([Load(widget.organization_id, widget.pk, name, 1, at) for name in names])


def shown(client, license) -> list[str]:
    return [row.origin for row in client.get(seen_url(license)).context["rows"]]


def test_latest_comes_first(client, widget):
    refuse(widget, "https://a.test", "https://b.test")
    refuse(widget, "https://b.test", minutes=1)
    assert shown(client, widget.license) == ["https://b.test", "https://a.test"]
    assert "2 times, last on 20 November 2026, 12:01" in client.get(seen_url(widget.license)).content.decode()


def test_allowing_is_one_click(client, widget):
    refuse(widget, "https://a.test:8443", "https://b.test")
    page = client.get(seen_url(widget.license)).content.decode()
    action = f"{BASE}licenses/{widget.license.public_id}/domains/"
    assert (f'action="{action}"' in page, 'name="domains" value="https://a.test:8443"' in page) == (True, True)
    assert client.post(action, {"domains": "https://a.test:8443"}).status_code == 302
    assert [str(rule) for rule in widget.license.domain_rules.all()] == ["a.test:8443", "shop.test"]
    assert shown(client, widget.license) == ["https://b.test"]


def test_wildcard_covers_what_was_seen(client, widget):
    refuse(widget, "https://a.shop.example.com")
    client.post(f"{BASE}licenses/{widget.license.public_id}/domains/", {"domains": "*.example.com"})
    assert shown(client, widget.license) == []


def test_dismissed_is_not_shown_again_and_not_allowed(client, widget):
    refuse(widget, "https://a.test")
    response = client.post(seen_url(widget.license, f"{SeenOrigin.objects.get().pk}/dismiss/"))
    assert response.url == f"{BASE}licenses/{widget.license.public_id}/domains/"
    refuse(widget, "https://a.test", minutes=1)
    assert shown(client, widget.license) == []
    assert [str(rule) for rule in widget.license.domain_rules.all()] == ["shop.test"]


def test_without_any_the_page_says_so(client, widget):
    assert "None. A website that tries" in client.get(seen_url(widget.license)).content.decode()


def test_twenty_are_shown_and_the_rest_counted(client, widget):
    refuse(widget, *(f"https://n{number}.test" for number in range(23)))
    page = client.get(seen_url(widget.license))
    assert (len(page.context["rows"]), "And 3 more." in page.content.decode()) == (20, True)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number(client, widget, count, django_assert_num_queries):
    names = [f"https://n{number}.test" for number in range(count)]
    refuse(widget, *names)
    load(widget, *names)
    seen, sightings = seen_url(widget.license), sightings_url(widget)
    with django_assert_num_queries(6):  # session, user, memberships, licence, rules, origins
        assert len(client.get(seen).context["rows"]) == count
    with django_assert_num_queries(5):  # session, user, memberships, widget, sightings
        assert len(client.get(sightings).context["rows"]) == count


def test_sites_that_show_the_chat_are_told(client, widget):
    load(widget, "https://shop.test", "https://shop.test")
    load(widget, "https://old.shop.test", hours=-30)
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        client.force_login(widget.organization.memberships.get().user)
        page = client.get(sightings_url(widget)).content.decode()
    assert "last seen 2\xa0minutes ago, 2 loads today, version 1" in page
    assert "last seen 1\xa0day, 6\xa0hours ago, 0 loads today" in page


def test_widget_that_was_never_loaded(client, widget):
    assert "Not seen yet" in client.get(sightings_url(widget)).content.decode()


def test_what_belongs_to_others_is_as_absent_as_none(client, widget):
    charlies = make_widget(make_license(make_organization("Charlie's bakery", make_user("charlie"))))
    refuse(charlies, "https://a.test")
    row = SeenOrigin.objects.get()
    answers = [
        client.get(f"{BASE}widgets/wgt_0/sightings/"),
        client.get(sightings_url(charlies)),
        client.get(seen_url(charlies.license)),
        client.get(f"{BASE}licenses/lic_0/seen/"),
        client.post(seen_url(charlies.license, f"{row.pk}/dismiss/")),
        client.post(seen_url(widget.license, f"{row.pk}/dismiss/")),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    row.refresh_from_db()
    assert row.dismissed is False


def test_analyst_sees_sightings_but_edits_no_domains(client, widget):
    bob = make_user("bob")
    add_member(actor=None, organization=widget.organization, user=bob, role=Role.ANALYST)
    client.force_login(bob)
    refuse(widget, "https://a.test")
    row = SeenOrigin.objects.get()
    answers = [
        client.get(sightings_url(widget)).status_code,
        client.get(seen_url(widget.license)).status_code,
        client.post(seen_url(widget.license, f"{row.pk}/dismiss/")).status_code,
    ]
    assert answers == [200, 403, 403]


def test_dismissing_takes_a_post(client, widget):
    refuse(widget, "https://a.test")
    assert client.get(seen_url(widget.license, f"{SeenOrigin.objects.get().pk}/dismiss/")).status_code == 405
