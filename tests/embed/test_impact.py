"""Before a deed it is said, in numbers, whom it meets."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from analytics.origins import Load, write_loads
from embed.models import VisitorSession
from tests.build import make_license, make_organization, make_user, make_widget
from tests.frames import Frame
from widgets.models import Widget

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def widget(client: Client) -> Widget:
    alice = make_user("alice")
    client.force_login(alice)
    return make_widget(make_license(make_organization("Alice's shop", alice)))


def told(client: Client, widget: Widget) -> str:
    page = client.get(f"/o/alices-shop/widgets/{widget.public_id}/impact/")
    return " ".join(page.content.decode().partition('class="impact">')[2].partition("</p>")[0].split())


def test_nothing_is_said_to_be_nothing(client: Client, widget: Widget) -> None:
    assert told(client, widget) == (
        "Not seen on any website in the last 30 days. <strong>0 visitors</strong> chatted in the last 7 days."
    )


def test_websites_and_visitors_are_counted_lately_and_of_this_widget(client: Client, widget: Widget) -> None:
    now = timezone.now()
    other = make_widget(widget.license)
    names = [f"s{number}.shop.test" for number in range(6)]
    loads = [Load(widget.organization_id, widget.pk, f"https://{name}", 1, now) for name in names]
    late = Load(widget.organization_id, widget.pk, "https://old.test", 1, now - timedelta(days=31))
    write_loads([*loads, late, Load(widget.organization_id, other.pk, "https://other.test", 1, now)])
    for visited in (widget, widget, other):
        Frame(Client(), visited).post("history")
    long_ago = VisitorSession.objects.filter(widget=widget).first()
    VisitorSession.objects.filter(pk=long_ago.pk).update(started_at=now - timedelta(days=8))
    Frame(Client(), widget).post("history")

    text = told(client, widget)

    assert "<strong>6 websites</strong> in the last 30 days: s0.shop.test, s1" in text
    assert "and 1 more. <strong>2 visitors</strong> chatted" in text
    assert "old.test" not in text
    assert "other.test" not in text


def test_tests_are_no_visitors(client: Client, widget: Widget) -> None:
    Frame(Client(), widget).post("history")
    VisitorSession.objects.update(is_test=True)
    assert "<strong>0 visitors</strong>" in told(client, widget)


def test_number_of_queries_is_that_of_one(client: Client, widget: Widget, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]  # session, user, memberships, widget, sites, chats
        told(client, widget)


@pytest.mark.parametrize("page", ["publish/", "settings/", "unpublish/"])
def test_pages_ask_for_it(client: Client, widget: Widget, page: str) -> None:
    base = f"/o/alices-shop/widgets/{widget.public_id}/"
    assert f'<lazy-fragment src="{base}impact/">' in client.get(base + page).content.decode()
