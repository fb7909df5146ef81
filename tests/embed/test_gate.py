"""The gate through the front door: each code of admission, in its order, by the request that causes it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.services import suspend_organization
from core.ids import new_id
from embed.models import VisitorSession
from licenses.entitlements import Metric
from licenses.models import License, UsageCounter
from licenses.services import remove_domain, revoke_license, suspend_license
from tests.build import make_license, make_organization, make_widget
from tests.frames import Frame, code_of
from widgets.models import Widget, WidgetVersion
from widgets.services import set_enabled, unpublish_widget

pytestmark = pytest.mark.django_db(transaction=True)  # changes are announced when they are committed


def test_gate_lets_a_listed_site_in_and_counts_one_session(client: Client) -> None:
    frame = Frame(client, make_widget())

    answers = [frame.post("history") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert VisitorSession.objects.count() == 1
    assert set(UsageCounter.objects.values_list("metric", "used")) == {("sessions_day", 1), ("sessions_month", 1)}


def test_frame_writes_nothing_before_the_first_interaction(client: Client) -> None:
    frame = Frame(client, make_widget())

    assert frame.response.status_code == 200
    assert not frame.response.cookies
    assert VisitorSession.objects.count() == 0
    assert UsageCounter.objects.count() == 0


def test_session_window_over_counts_again(client: Client) -> None:
    with time_machine.travel("2026-11-20T08:00Z", tick=False) as clock:
        frame = Frame(client, make_widget())
        frame.post("history")
        clock.shift(timedelta(hours=23))
        late = Frame(client, frame.widget)
        late.visitor = frame.visitor
        late.post("history")
        assert VisitorSession.objects.count() == 1
        clock.shift(timedelta(hours=2))
        late.post("history")

    assert sorted(VisitorSession.objects.values_list("ordinal", flat=True)) == [1, 2]


def stop_enabled(widget: Widget) -> None:
    set_enabled(actor=None, widget=widget, enabled=False)


def stop_published(widget: Widget) -> None:
    unpublish_widget(actor=None, widget=widget)


def stop_revoked(widget: Widget) -> None:
    revoke_license(actor=None, license=widget.license, reason="test", now=timezone.now())


def stop_suspended(widget: Widget) -> None:
    level = License.Level.PLATFORM
    suspend_license(actor=None, license=widget.license, level=level, reason="test", now=timezone.now())


def stop_organization(widget: Widget) -> None:
    suspend_organization(actor=None, organization=widget.organization, now=timezone.now())


STOPS = {
    "widget_disabled": stop_enabled,
    "widget_unpublished": stop_published,
    "license_revoked": stop_revoked,
    "license_suspended": stop_suspended,
    "organization_suspended": stop_organization,
}


@pytest.mark.parametrize("code", STOPS)
def test_stopping_ends_running_chats_at_once(client: Client, code: str) -> None:
    frame = Frame(client, make_widget())
    assert frame.post("history").status_code == 200

    STOPS[code](frame.widget)

    assert code_of(frame.post("history")) == code
    again = Frame(client, frame.widget)
    assert (again.response.status_code, again.code) == (403, code)
    loader = client.get(f"/api/widget/{frame.widget.license.public_id}/chat-widget.js")
    assert loader.status_code == 200
    assert code in loader.content.decode()


def test_version_that_no_longer_fits_says_so_instead_of_failing(client: Client, caplog: Any) -> None:
    widget = make_widget()
    WidgetVersion.objects.update(configuration={"of": "an older release"})

    assert Frame(client, widget).code == "configuration_outdated"
    assert f"What {widget.public_id} has published cannot be read: of" in caplog.messages
    assert "an older release" not in caplog.text  # what is stored may be a webhook's address


def test_operators_rules_may_change_under_a_stored_address(client: Client, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    widget = make_widget(connection={"url": "http://127.0.0.1:9/webhook/x/chat"})
    settings.OUTBOUND_ALLOW = []

    assert Frame(client, widget).response.status_code == 200


def test_reseller_suspended_stops_its_customers(client: Client) -> None:
    reseller = make_organization("Reseller", kind="reseller")
    customer = make_organization("Customer", parent=reseller)
    frame = Frame(client, make_widget(make_license(customer)))

    suspend_organization(actor=None, organization=reseller, now=timezone.now())

    assert code_of(frame.post("history")) == "organization_suspended"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"starts_at": timezone.now() + timedelta(days=1)}, "license_not_started"),
        ({"expires_at": timezone.now() - timedelta(days=8)}, "license_expired"),
        ({"expires_at": timezone.now() - timedelta(days=6)}, ""),  # grace
        ({"expires_at": timezone.now() + timedelta(days=1)}, ""),
    ],
)
def test_licence_dates(client: Client, facts: dict[str, Any], code: str) -> None:
    frame = Frame(client, make_widget(make_license(**facts)))

    assert frame.code == code


def test_licence_that_expires_while_cached_ends_by_the_clock(client: Client) -> None:
    expires_at = timezone.now() + timedelta(minutes=5)
    frame = Frame(client, make_widget(make_license(expires_at=expires_at)))
    assert frame.post("history").status_code == 200

    with time_machine.travel(expires_at + timedelta(days=7, seconds=1), tick=False):
        assert code_of(frame.post("history")) == "license_expired"


def test_plan_without_the_type_is_refused(client: Client) -> None:
    widget = make_widget()
    License.objects.filter(pk=widget.license.pk).update(features_removed=["n8n"])

    assert Frame(client, widget).code == "entitlement_missing"


@pytest.mark.parametrize("license_id", ["lic_nonsense", "lic_" + "a" * 22, "x", "%00", "lic_" + "a" * 5000])
def test_unknown_licence_answers_like_any_other_unknown_one(client: Client, license_id: str) -> None:
    frame = client.get(f"/widget/n8n/{license_id}")
    loader = client.get(f"/api/widget/{license_id}/chat-widget.js")

    assert (frame.status_code, loader.status_code) == (404, 200)
    assert "widget_not_found" in frame.content.decode()
    assert "widget_not_found" in loader.content.decode()


def test_foreign_widget_under_own_licence_is_not_found(client: Client) -> None:
    mine = make_widget()
    charlies = make_widget(make_license(make_organization("Charlie's")))

    foreign = client.get(f"/widget/n8n/{mine.license.public_id}?widget={charlies.public_id}")
    absent = client.get(f"/widget/n8n/{mine.license.public_id}?widget={new_id('wgt')}")

    assert foreign.status_code == absent.status_code == 404
    strip = lambda r: r.content.replace(r.headers["Content-Security-Policy"].split("'")[3].encode()[6:], b"")  # noqa: E731
    assert strip(foreign) == strip(absent)


def test_other_type_in_the_path_is_not_found(client: Client) -> None:
    widget = make_widget()

    assert client.get(f"/widget/chatkit/{widget.license.public_id}?widget={widget.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X_Chatdock_Page": None}, "token_invalid"),
        ({"X_Chatdock_Page": "rubbish"}, "token_invalid"),
        ({"Origin": None}, "request_not_same_origin"),
        ({"Origin": "null"}, "request_not_same_origin"),
        ({"Origin": "https://shop.test"}, "request_not_same_origin"),
        ({"Sec_Fetch_Site": "cross-site"}, "request_not_same_origin"),
        ({"X_Chatdock_Widget": None}, "widget_not_found"),
        ({"X_Chatdock_Widget": "lic_x/wgt_y"}, "widget_not_found"),
    ],
)
def test_forged_call_is_refused(client: Client, headers: dict[str, str | None], code: str) -> None:
    frame = Frame(client, make_widget())

    assert code_of(frame.post("history", **headers)) == code
    assert VisitorSession.objects.count() == 0


def test_page_token_expires_after_half_a_day(client: Client) -> None:
    frame = Frame(client, make_widget())

    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert code_of(frame.post("history")) == "token_expired"


def test_page_token_of_another_widget_is_refused(client: Client) -> None:
    license = make_license()
    first, second = make_widget(license, name="one"), make_widget(license, name="two")
    frame = Frame(client, first)

    answer = frame.post("history", X_Chatdock_Widget=f"{license.public_id}/{second.public_id}")

    assert code_of(answer) == "token_widget_mismatch"


@pytest.mark.parametrize(
    ("site", "code"),
    [
        ("https://shop.test", ""),
        ("https://www.shop.test", "domain_not_allowed"),
        ("https://shop.test.evil.test", "domain_not_allowed"),
        ("https://evil-shop.test", "domain_not_allowed"),
        ("https://shop.test:8443", "domain_not_allowed"),
        ("http://shop.test", "origin_insecure"),
        ("https://shop.test.", "origin_trailing_dot"),
        ("http://localhost:8001", "domain_not_allowed"),
    ],
)
def test_frame_is_for_listed_sites(client: Client, site: str, code: str) -> None:
    frame = Frame(client, make_widget(), site=site)

    assert frame.code == code
    assert bool(frame.boot) == (code == "")


def test_refusing_page_may_be_framed_by_anyone_and_holds_no_token(client: Client) -> None:
    frame = Frame(client, make_widget(configuration={"texts": {"title": "Alice's secret"}}), site="https://evil.test")

    assert frame.response.status_code == 403
    assert frame.response.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in frame.response.headers
    assert "Alice" not in frame.response.content.decode()
    assert "pageToken" not in frame.response.content.decode()


def test_empty_list_denies(client: Client) -> None:
    assert Frame(client, make_widget(make_license(domains=()))).code == "domain_list_empty"


def test_frame_names_its_ancestors_and_forbids_the_rest(client: Client) -> None:
    widget = make_widget(make_license(domains=("shop.test", "*.shop.test", "dev.shop.test:8443")))

    policy = Frame(client, widget).response.headers["Content-Security-Policy"]

    ancestors = policy.split("frame-ancestors ")[1]
    assert set(ancestors.split()) == {
        "https://shop.test",
        "https://*.shop.test",
        "https://dev.shop.test:8443",
        "http://testserver",
    }


def test_hidden_referer_needs_a_listed_handshake_origin(client: Client) -> None:
    frame = Frame(client, make_widget(), site=None)
    assert frame.response.status_code == 200
    assert frame.boot["parentOrigin"] is None

    assert code_of(frame.post("history")) == "origin_missing"
    assert code_of(frame.post("history", X_Chatdock_Origin="https://evil.test")) == "domain_not_allowed"
    assert code_of(frame.post("history", X_Chatdock_Origin="null")) == "origin_opaque"
    assert code_of(frame.post("history", X_Chatdock_Origin="https://shop.test")) == ""


def test_claimed_origin_does_not_outdo_the_referer(client: Client) -> None:
    license = make_license(domains=("shop.test", "other.test"))
    frame = Frame(client, make_widget(license))
    rule = license.domain_rules.get(host="shop.test")

    remove_domain(actor=None, rule=rule)

    assert code_of(frame.post("history", X_Chatdock_Origin="https://other.test")) == "domain_not_allowed"


def test_full_page_needs_no_site(client: Client) -> None:
    frame = Frame(client, make_widget(make_license(domains=())), site=None, full_page=True)

    assert frame.boot["page"] is True
    assert frame.post("history").status_code == 200


def test_full_page_cannot_claim_a_site(client: Client) -> None:
    frame = Frame(client, make_widget(), site=None, full_page=True)

    frame.post("history", X_Chatdock_Origin="https://bank.test")

    assert VisitorSession.objects.get().origin == ""


def test_widget_deleted_a_moment_ago_is_not_found(client: Client) -> None:
    frame = Frame(client, make_widget())
    Widget.objects.all().delete()  # unannounced: this process still knows the widget

    assert code_of(frame.post("history")) == "widget_not_found"
    assert UsageCounter.objects.count() == 0


def test_rate_limit_says_when_to_come_back(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "widget": (2, 60)}
    frame = Frame(client, make_widget())

    answers = [frame.post("history") for _ in range(3)]

    assert [code_of(answer) for answer in answers] == ["", "", "rate_limited"]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30


@pytest.mark.parametrize("metric", [Metric.SESSIONS_DAY, Metric.SESSIONS_MONTH])
def test_quota_refuses_the_next_visitor_and_keeps_the_first(client: Client, metric: Metric) -> None:
    first = Frame(client, make_widget(make_license(limits={metric: 1})))
    first.post("history")
    second = Frame(client, first.widget)

    assert code_of(second.post("history")) == "quota_exceeded"
    assert code_of(first.post("history")) == ""
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {1}


def test_visitor_token_of_another_widget_is_a_stranger_here(client: Client) -> None:
    license = make_license()
    one, two = make_widget(license, name="one"), make_widget(license, name="two")
    frame = Frame(client, one)
    frame.post("history")
    other = Frame(client, two)
    other.visitor = frame.visitor

    other.post("history")

    assert len(set(VisitorSession.objects.values_list("visitor", flat=True))) == 2


def test_made_up_ids_cost_few_queries(client: Client, settings: Any, django_assert_num_queries: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "lookup": (3, 60)}

    with django_assert_num_queries(3):
        answers = [client.get(f"/api/widget/{new_id('lic')}/chat-widget.js") for _ in range(6)]

    said = [answer.content.decode() for answer in answers]
    assert ["rate_limited" in text for text in said] == [False] * 3 + [True] * 3


def test_one_address_cannot_use_up_a_plan(client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "start": (2, 86400)}
    widget = make_widget()
    first = Frame(client, widget)

    codes = [code_of(first.post("history")), code_of(Frame(client, widget).post("history"))]
    codes += [code_of(Frame(client, widget).post("history")), code_of(first.post("history"))]

    assert codes == ["", "", "rate_limited", ""]
