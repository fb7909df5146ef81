"""Which websites are written down, and how many at most."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from analytics import origins
from analytics.models import SeenOrigin, Sighting
from analytics.origins import Load, Refusal, is_website, write_loads, write_refusals
from licenses.services import remove_domain
from tests.build import make_license, make_organization, make_widget
from tests.frames import Frame, code_of
from widgets.models import Widget

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def refuse(widget: Widget, *names: str, minutes: int = 0) -> None:
    at = NOON + timedelta(minutes=minutes)
    write_refusals([Refusal(widget.organization_id, widget.license_id, name, at) for name in names])


def load(widget: Widget, *names: str, hours: int = 0, version: int = 1) -> None:
    at = NOON + timedelta(hours=hours)
    write_loads([Load(widget.organization_id, widget.pk, name, version, at) for name in names])


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        ("https://evil.test", True),
        ("https://evil.test:8443", True),
        ("https://xn--mnchen-3ya.de", True),
        ("http://evil.test", False),
        ("https://evil.test/path", False),
        ("https://10.0.0.1", False),
        ("https://localhost:3000", False),
        ("https://user@evil.test", False),
        ("https://evil .test", False),
        ("null", False),
        ("", False),
        ("https://" + "a." * 140 + "test", False),
    ],
)
def test_only_origins_that_a_rule_could_allow_are_kept(origin, wanted):
    assert is_website(origin) is wanted


@pytest.mark.django_db
def test_refusals_of_one_website_are_counted():
    widget = make_widget()
    refuse(widget, "https://evil.test", "https://evil.test")
    refuse(widget, "https://evil.test", "http://evil.test", minutes=5)
    row = SeenOrigin.objects.get()
    assert (row.origin, row.count, row.first_at, row.last_at) == (
        "https://evil.test",
        3,
        NOON,
        NOON + timedelta(minutes=5),
    )


@pytest.mark.django_db
def test_licence_keeps_the_latest_two_hundred():
    widget, other = make_widget(), make_widget(make_license(make_organization("Charlie's")))
    refuse(other, "https://other.test")
    refuse(widget, "https://first.test")
    refuse(widget, *(f"https://n{number}.test" for number in range(199)), minutes=1)
    refuse(widget, "https://first.test", minutes=2)
    refuse(widget, "https://one-more.test", minutes=3)
    mine = SeenOrigin.objects.filter(license=widget.license).values_list("origin", flat=True)
    assert (len(mine), "https://first.test" in mine, "https://one-more.test" in mine) == (200, True, True)
    assert SeenOrigin.objects.filter(license=other.license).count() == 1


@pytest.mark.django_db
def test_loads_are_counted_by_day():
    widget = make_widget()
    load(widget, "https://shop.test", "https://shop.test")
    load(widget, "https://shop.test", hours=1, version=2)
    row = Sighting.objects.get()
    assert (row.loads, row.version, row.last_at) == (3, 2, NOON + timedelta(hours=1))
    load(widget, "https://shop.test", hours=24)
    row.refresh_from_db()
    assert (row.loads, row.loads_on(row.day), row.loads_on(NOON.date())) == (1, 1, 0)


def frame_opened(client: Client, widget: Widget, **site: Any) -> Frame:
    frame = Frame(client, widget, **site)
    asyncio.run(origins.refusals.drain())
    asyncio.run(origins.loads.drain())
    return frame


@pytest.mark.django_db(transaction=True)
def test_allowed_site_is_seen(client):
    widget = make_widget()
    frame_opened(client, widget)
    row = Sighting.objects.get()
    assert (row.widget, row.origin, row.loads, row.version) == (widget, "https://shop.test", 1, 1)
    assert not SeenOrigin.objects.exists()


@pytest.mark.parametrize("domains", [("shop.test",), ()])
@pytest.mark.django_db(transaction=True)
def test_refused_site_is_written_down_and_stays_refused(client, domains):
    widget = make_widget(make_license(domains=domains))
    frame_opened(client, widget, site="https://evil.test")
    frame = frame_opened(client, widget, site="https://evil.test")
    assert (frame.response.status_code, SeenOrigin.objects.get().count) == (403, 2)
    assert not Sighting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_site_that_the_frame_claims_is_written_down_with_its_refusal(client, settings):
    """A page that sends no Referer: the handshake alone says where the chat stands. Anybody may claim anything."""
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "claims": (3, 60)}
    frame = frame_opened(client, make_widget(), site=None)
    claims = ["https://shop.test", *(f"https://evil{number}.test" for number in range(5))]
    codes = [code_of(frame.post("history", X_Chatdock_Origin=claim)) for claim in claims]
    asyncio.run(origins.refusals.drain())
    assert codes == ["", *["domain_not_allowed"] * 5]
    assert sorted(SeenOrigin.objects.values_list("origin", flat=True)) == claims[1:4]


@pytest.mark.django_db(transaction=True)
def test_site_that_left_the_list_is_written_down_by_its_open_pages(client):
    widget = make_widget()
    frame = frame_opened(client, widget)
    remove_domain(actor=None, rule=widget.license.domain_rules.get())
    assert code_of(frame.post("history")) == "domain_list_empty"
    asyncio.run(origins.refusals.drain())
    assert SeenOrigin.objects.get().origin == "https://shop.test"


@pytest.mark.parametrize("site", ["http://evil.test", "https://10.0.0.1", None])
@pytest.mark.django_db(transaction=True)
def test_what_no_rule_could_allow_is_not_written_down(client, site):
    frame_opened(client, make_widget(), site=site)
    assert not SeenOrigin.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_full_page_and_dashboard_are_no_site(client, settings):
    widget = make_widget()
    frame_opened(client, widget, full_page=True)
    frame_opened(client, widget, site=settings.DASHBOARD_URL)
    assert (SeenOrigin.objects.exists(), Sighting.objects.exists()) == (False, False)


@pytest.mark.django_db
def test_widget_knows_when_it_was_last_seen_to_about_a_minute():
    widget = make_widget()
    load(widget, "https://shop.test", "https://other.test")
    load(widget, "https://shop.test", hours=-1)
    assert Widget.objects.get().last_seen_at == NOON
    write_loads([Load(widget.organization_id, widget.pk, "https://shop.test", 1, NOON + timedelta(seconds=59))])
    assert Widget.objects.get().last_seen_at == NOON
    load(widget, "https://shop.test", hours=1)
    assert Widget.objects.get().last_seen_at == NOON + timedelta(hours=1)
