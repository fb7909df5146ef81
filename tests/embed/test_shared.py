"""A draft by a link: for whoever has it, until it ends, and not a second longer."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from accounts.services import add_member
from embed.models import VisitorSession
from licenses.services import suspend_license
from tests.build import make_license, make_organization, make_user, make_widget
from tests.frames import Frame, boot_of, code_of
from tests.test_canary import read
from widgets.models import PreviewLink, Widget
from widgets.services import save_draft
from widgets.sharing import MOST, link_token, revoke_link, share_preview

pytestmark = pytest.mark.django_db(transaction=True)

NOW = "2030-01-01 09:00Z"


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def widget(alice: User) -> Widget:
    widget = make_widget(make_license(make_organization("Alice's shop", alice), limits={"sessions_day": 0}))
    return retitle(widget, "Only a draft")


def retitle(widget: Widget, title: str) -> Widget:
    texts = {**widget.draft["texts"], "title": title}
    return save_draft(actor=None, widget=widget, configuration={**widget.draft, "texts": texts})


def share(widget: Widget, period: str = "hour") -> PreviewLink:
    return share_preview(actor=None, widget=widget, period=period, now=timezone.now())


def visit(link: PreviewLink) -> Any:
    return Client().get(f"/widget/shared/{link_token(link)}")


class Shared(Frame):
    """The chat in the page that a link opens."""

    def __init__(self, widget: Widget, page: Any) -> None:
        super().__init__(Client(), widget, site=settings.EMBED_URL)
        boot = boot_of(page.content.decode())
        self._open(f"{boot['config']['f']}&{boot['frame']}")


def test_link_opens_the_draft_as_it_is_at_opening(widget: Widget) -> None:
    link = share(widget)
    page = visit(link)
    assert (page.status_code, page["X-Robots-Tag"], page.cookies) == (200, "noindex", {})
    assert page["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert Shared(widget, page).boot["config"]["title"] == "Only a draft"
    retitle(widget, "Later")
    frame = Shared(widget, visit(link))
    assert (frame.boot["config"]["title"], frame.boot["preview"], "configurator" in frame.boot) == (
        "Later",
        False,
        False,
    )
    assert frame.response["Content-Security-Policy"].endswith(f"frame-ancestors {settings.EMBED_URL}")


def test_chats_there_are_tests(widget: Widget) -> None:
    frame = Shared(widget, visit(share(widget)))
    assert frame.post("history").status_code == 200
    session = VisitorSession.objects.get()
    assert (session.is_test, VisitorSession.objects.counted().count()) == (True, 0)


def test_each_link_is_good_for_some_chats_and_messages_a_day(
    client: Client, widget: Widget, alice: User, settings: Any
) -> None:
    few = {"shared": (2, 86400), "shared_messages": (1, 86400)}
    settings.RATE_LIMITS, settings.OUTBOUND_ALLOW = settings.RATE_LIMITS | few, ["127.0.0.1:9"]
    save_draft(actor=None, widget=widget, connection={"url": "http://127.0.0.1:9/webhook/x/chat"})
    page, other = visit(share(widget)), visit(share(widget))
    first, second, third = (Shared(widget, page) for _ in range(3))
    started = [first.post("history"), second.post("history"), third.post("history"), first.post("history")]
    assert [code_of(answer) for answer in started] == ["", "", "rate_limited", ""]
    assert int(started[2]["Retry-After"]) > 3600
    assert code_of(Shared(widget, other).post("history")) == ""

    said = {"conversation": "c" * 20, "text": "Hi"}
    assert "upstream_unreachable" in read(first.post("messages", said))
    assert code_of(second.post("messages", said)) == "rate_limited"
    client.force_login(alice)
    shared = client.get(f"/o/alices-shop/widgets/{widget.public_id}/share/").content.decode()
    assert "at most 2 a day from each link" in shared


def test_open_pages_start_nothing_after_the_link_is_revoked(widget: Widget, alice: User) -> None:
    link = share(widget)
    page = visit(link)
    frame = Shared(widget, page)
    assert frame.post("history").status_code == 200
    revoke_link(actor=alice, link=link, now=timezone.now())
    assert code_of(frame.post("history")) == "widget_not_found"
    assert Shared(widget, page).code == "widget_not_found"


def test_ended_revoked_and_made_up_links_get_one_page(widget: Widget) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ended, revoked = share(widget), share(widget, "month")
        revoke_link(actor=None, link=revoked, now=timezone.now())
        frame = Shared(widget, visit(ended))
        clock.shift(timedelta(minutes=59))
        assert (visit(ended).status_code, code_of(frame.post("history"))) == (200, "")
        clock.shift(timedelta(minutes=2))
        answers = [visit(ended), visit(revoked), Client().get("/widget/shared/made-up")]
        assert code_of(frame.post("history")) == "widget_not_found"
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert [answer["X-Robots-Tag"] for answer in answers] == ["noindex"] * 3


@pytest.mark.parametrize(("period", "hours"), [("hour", 1), ("day", 24), ("week", 168), ("month", 720)])
def test_each_period_ends_when_it_says(widget: Widget, period: str, hours: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        link = share(widget, period)
        clock.shift(timedelta(hours=hours, seconds=-1))
        assert visit(link).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert visit(link).status_code == 404


def test_stopped_licence_stops_the_preview_too(widget: Widget) -> None:
    link = share(widget)
    suspend_license(actor=None, license=widget.license, reason="test", now=timezone.now())
    assert visit(link).status_code == 403


def test_links_are_listed_with_a_code_to_scan(client: Client, widget: Widget, alice: User) -> None:
    path = f"/o/alices-shop/widgets/{widget.public_id}/share/"
    with time_machine.travel(NOW, tick=False):
        client.force_login(alice)
        assert client.post(path, {"period": "week"}).url == path
        page = client.get(path)
    (line,) = page.context["lines"]
    assert (line.link.created_by, line.link.expires_at) == (alice, line.link.created_at + timedelta(days=7))
    html = page.content.decode()
    assert f'd="{line.qr.path}"' in html
    assert "Link until 8 January 2030, 09:00 UTC" in html
    assert line.url in html
    with time_machine.travel(NOW, tick=False):
        assert Client().get(urlsplit(line.url).path).status_code == 200
        client.post(f"{path}{line.link.public_id}/revoke/")
        assert client.get(path).context["lines"] == []
        assert Client().get(urlsplit(line.url).path).status_code == 404
    told = AuditEvent.objects.filter(action__startswith="preview_link").values_list("action", "actor", "target")
    assert sorted(told) == [
        ("preview_link.created", alice.pk, widget.public_id),
        ("preview_link.revoked", alice.pk, widget.public_id),
    ]


def test_qr_code_is_drawn_in_whole_squares(client: Client, widget: Widget, alice: User) -> None:
    client.force_login(alice)
    share(widget)
    (line,) = client.get(f"/o/alices-shop/widgets/{widget.public_id}/share/").context["lines"]
    dots = [tuple(map(int, dot)) for dot in re.findall(r"M(\d+) (\d+)h1v1h-1z", line.qr.path)]
    assert {x for x, _ in dots} <= set(range(4, line.qr.size - 4))
    assert (4, 4) in dots  # the corner that scanners look for


def test_there_is_an_end_of_links(client: Client, widget: Widget, alice: User) -> None:
    client.force_login(alice)
    for _ in range(MOST):
        share(widget)
    answer = client.post(f"/o/alices-shop/widgets/{widget.public_id}/share/", {"period": "hour"})
    assert (answer.status_code, "Revoke one" in answer.content.decode()) == (422, True)
    assert PreviewLink.objects.count() == MOST


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    client: Client, widget: Widget, alice: User, count: int, django_assert_num_queries: Any
) -> None:
    client.force_login(alice)
    for _ in range(count):
        share(widget)
    with django_assert_num_queries(5):  # session, user, memberships, widget, links
        client.get(f"/o/alices-shop/widgets/{widget.public_id}/share/")


def test_links_of_others_are_as_absent_as_none(client: Client, widget: Widget, alice: User) -> None:
    charlies = share(make_widget(make_license(make_organization("Charlie's bakery"))))
    other = share(make_widget(widget.license))
    client.force_login(alice)
    path = f"/o/alices-shop/widgets/{widget.public_id}/share/"
    for link in (charlies, other):
        assert client.post(f"{path}{link.public_id}/revoke/").status_code == 404
    assert client.get(path).context["lines"] == []
    bob = make_user("bob")
    add_member(actor=None, organization=widget.organization, user=bob, role=Role.ANALYST)
    client.force_login(bob)
    assert [client.get(path).status_code, client.post(f"{path}{other.public_id}/revoke/").status_code] == [403, 403]
    assert PreviewLink.objects.live(timezone.now()).count() == 2
