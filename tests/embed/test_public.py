"""The loader, the frame page and the assets as bytes and headers; what a warm answer costs."""

import asyncio
import json
from typing import Any

import brotli
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analytics import counting
from analytics.models import DailyEventCount
from embed.assets import get_asset
from embed.public import answers
from tests.build import make_license, make_organization, make_widget
from tests.frames import Frame, code_of
from widgets.models import Widget

pytestmark = pytest.mark.django_db(transaction=True)


def loader(client: Client, widget: Widget, **headers: str) -> Any:
    path = f"/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}"
    return client.get(path, headers=headers)


def test_loader_is_one_small_cached_script(client: Client) -> None:
    answer = loader(client, make_widget(), **{"Accept-Encoding": "gzip, br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.content) <= 1536
    assert answer.headers["Cache-Control"] == "public, max-age=3, stale-if-error=86400"
    assert answer.headers["Vary"].startswith("Accept-Encoding")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    script = brotli.decompress(answer.content).decode()
    assert "n8n.example.com" not in script


def test_loader_answers_304_until_the_widget_changes(client: Client) -> None:
    widget = make_widget()
    etag = loader(client, widget).headers["ETag"]

    assert loader(client, widget, **{"If-None-Match": etag}).status_code == 304
    assert loader(client, widget, **{"If-None-Match": '"other"'}).status_code == 200


def test_answers_are_counted_by_view_status_and_code(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a token for tests"
    answers.clear()
    frame = Frame(client, make_widget())
    frame.post("history")
    frame.post("history", X_Chatdock_Page="nonsense")
    loader(client, frame.widget)

    text = client.get("/metrics", headers={"Authorization": "Bearer a token for tests"}).content.decode()

    assert [line for line in text.splitlines() if line.startswith("chatdock_requests_total")] == [
        'chatdock_requests_total{view="frame",status="2xx",code="ok"} 1',
        'chatdock_requests_total{view="history",status="2xx",code="ok"} 1',
        'chatdock_requests_total{view="history",status="4xx",code="token_invalid"} 1',
        'chatdock_requests_total{view="loader",status="2xx",code="ok"} 1',
    ]


def test_warm_answers_need_no_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    widget = make_widget()
    frame = Frame(client, widget)
    frame.post("history")
    loader(client, widget)

    with django_assert_num_queries(0):
        loader(client, widget)
        Frame(client, widget)
        frame.post("history")


def test_cold_answer_takes_four_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    widget = Widget.objects.select_related("license").get(pk=make_widget().pk)

    with django_assert_num_queries(4):
        loader(client, widget)


def test_default_widget_needs_no_id(client: Client) -> None:
    widget = make_widget()
    make_widget(widget.license, "chatkit", name="Second")

    answer = client.get(f"/api/widget/{widget.license.public_id}/chat-widget.js")

    assert widget.public_id in answer.content.decode()


@pytest.mark.parametrize("widget_type", ["n8n", "chatkit"])
def test_frame_is_small_strict_and_uncached(client: Client, widget_type: str) -> None:
    frame = Frame(client, make_widget(widget_type=widget_type))

    headers = frame.response.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].startswith("'nonce-")
    assert "unsafe" not in policy["script-src"]
    assert headers["Cache-Control"] == "private, no-store"
    assert "X-Frame-Options" not in headers
    assert not frame.response.cookies
    html = brotli.compress(frame.response.content, quality=5)
    files = [get_asset(name) for name in ("frame.css", f"frame-{widget_type}.js")]
    files += [get_asset("frame-n8n.css")] if widget_type == "n8n" else []
    assert len(html) + sum(len(file.br) for file in files) <= 25 * 1024


def test_nonce_is_new_each_time(client: Client) -> None:
    widget = make_widget()

    policies = {Frame(client, widget).response.headers["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\"'@nonce@@boot@"


def test_hostile_texts_stay_texts(client: Client) -> None:
    texts = {"title": HOSTILE[:60], "greeting": [HOSTILE], "disclaimer": HOSTILE}
    widget = make_widget(configuration={"texts": texts, "launcher": {"label": HOSTILE[:60]}})

    frame = Frame(client, widget)

    assert frame.boot["config"]["greeting"] == [HOSTILE]
    assert frame.response.content.count(b"<script>alert") == 0


def test_assets_are_immutable_under_their_name(client: Client) -> None:
    asset = get_asset("loader.js")

    right = client.get(asset.path)
    stale = client.get("/embed/loader.0000000000000000.js")

    assert right.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert stale.headers["Cache-Control"] == "no-cache"
    assert stale.content == right.content
    assert client.get("/embed/nothing.0000.js").status_code == 404


def events(frame: Frame, *names: Any) -> Any:
    return frame.post("events", {"events": [{"name": name, "code": "rate_limited"} for name in names]})


def test_events_are_counted_by_day_and_name(client: Client) -> None:
    frame = Frame(client, make_widget())

    assert events(frame, "opened", "opened", "failed", "message", "<invented>", 7, ["opened"]).status_code == 204
    odd_code = {"events": [{"name": "ready", "code": ["rate_limited"]}, {"name": "ready", "code": "<invented>"}]}
    assert frame.post("events", odd_code).status_code == 204

    asyncio.run(counting.writer.drain())
    assert sorted(DailyEventCount.objects.values_list("name", "code", "count")) == [
        ("failed", "rate_limited", 1),
        ("opened", "rate_limited", 2),
        ("ready", "", 2),
    ]


def test_events_need_a_page_token(client: Client) -> None:
    frame = Frame(client, make_widget())

    assert code_of(frame.post("events", {"events": []}, X_Chatdock_Page="x")) == "token_invalid"
    assert code_of(frame.post("events", {"events": [{}] * 21})) == "bad_request"
    assert code_of(frame.post("events", {"events": {}})) == "bad_request"


@pytest.mark.parametrize("path", ["/api/chatkit/create-session", "/api/n8n/messages", "/api/events"])
def test_public_calls_are_posts(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert json.loads(answer.content)["error"]["code"] == "bad_request"


def test_other_organizations_widget_is_nobodys_business(client: Client) -> None:
    mine, charlies = make_widget(), make_widget(make_license(make_organization("Charlie's")))
    frame = Frame(client, mine)

    answer = frame.post("history", X_Chatdock_Widget=f"{charlies.license.public_id}/{charlies.public_id}")

    assert code_of(answer) == "token_widget_mismatch"
