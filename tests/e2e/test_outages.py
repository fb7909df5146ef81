"""A real product process whose PostgreSQL and Redis go away and come back."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.utils import timezone

from core.ids import new_id
from embed.models import VisitorSession
from licenses.services import reinstate_license, suspend_license
from tests.build import make_license, make_organization, make_widget
from tests.e2e import server
from tests.e2e.proxy import Way
from tests.fakes.serve import Served
from tests.frames import SITE, boot_of
from tests.services import free_port
from widgets.models import Widget
from widgets.services import set_enabled

pytestmark = [
    *(pytest.mark.postgres, pytest.mark.redis, pytest.mark.timeout(180)),
    pytest.mark.xdist_group("outages"),  # they share a product
]

TOO_OLD = 4.5  # seconds until a process that hears nobody reads a widget anew
AT_ONCE = 4.0  # seconds, on a busy machine; who waits for the database waits five
BACK = 40.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    seconds: float

    @property
    def code(self) -> str:
        """The error's code, or "" for a success."""
        return "" if self.status < 400 else json.loads(self.text)["error"]["code"]


class Tab:
    """One visitor with one widget's frame."""

    def __init__(self, base: str, widget: Widget) -> None:
        self.base, self.widget = base, widget
        self.ids = f"{widget.license.public_id}/{widget.public_id}"
        self.visitor = self.page_token = ""
        self.frame = self.open()
        assert self.frame.status == 200

    def open(self) -> Answer:
        path = f"/widget/{self.widget.widget_type}/{self.widget.license.public_id}?widget={self.widget.public_id}"
        answer = self._call(path, {"Referer": f"{SITE}/", "Sec-Fetch-Dest": "iframe"})
        if answer.status == 200:
            self.page_token = boot_of(answer.text)["pageToken"]
        return answer

    def loader(self) -> Answer:
        return self._call(f"/api/widget/{self.widget.license.public_id}/chat-widget.js", {})

    def begin(self) -> Answer:
        """A ChatKit session, or a fresh secret for one that runs."""
        return self._post("/api/chatkit/create-session", {})

    def say(self) -> Answer:
        return self._post("/api/n8n/messages", {"conversation": "conversation-0001", "text": "hello"})

    def _post(self, path: str, body: dict[str, str]) -> Answer:
        headers = {
            "Content-Type": "application/json",
            "Origin": self.base,
            "X-Chatdock-Widget": self.ids,
            "X-Chatdock-Page": self.page_token,
            "X-Chatdock-Visitor": self.visitor,
        }
        return self._call(path, headers, json.dumps(body).encode())

    def _call(self, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        began = time.monotonic()
        try:
            response = urlopen(Request(self.base + path, body, headers), timeout=30)
        except HTTPError as refusal:
            response = refusal
        with response:
            text = response.read().decode()
            self.visitor = response.headers.get("X-Chatdock-Visitor", self.visitor)
            return Answer(response.status, text, time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class Ways:
    product: server.Product
    database: Way
    redis: Way


@pytest.fixture(scope="module")
def _ways(django_db_setup: None, _standins: Served) -> Iterator[Ways]:
    database, redis = connections["default"].settings_dict, urlsplit(django_settings.REDIS_URL)
    to_database = Way(database["HOST"], int(database["PORT"] or 5432))
    to_redis = Way(redis.hostname or "127.0.0.1", redis.port or 6379)
    changes = {
        "DATABASE_URL": server.database_url({**database, "HOST": "127.0.0.1", "PORT": to_database.port}),
        "REDIS_URL": f"redis://127.0.0.1:{to_redis.port}{redis.path}",
    }
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    urls = {"dashboard": f"http://localhost:{port}", "embed": base, "standins": _standins.url}
    with server.product(port=port, changes=changes, **urls) as product:
        yield Ways(product, to_database, to_redis)


@pytest.fixture
def ways(_ways: Ways, standins: Served, settings: Any, transactional_db: None) -> Iterator[Ways]:
    settings.OUTBOUND_ALLOW = [urlsplit(standins.url).netloc]
    eventually(lambda: is_ready(_ways.product.embed) and hears(_ways.product.embed))
    yield _ways
    print(_ways.product.log.read_text(errors="replace")[-20_000:])  # pytest shows it with a failure


@pytest.fixture
def agent(ways: Ways) -> Widget:
    return make_widget(widget_type="chatkit")


@pytest.fixture
def workflow(agent: Widget, ways: Ways) -> Widget:
    url = f"{ways.product.standins}/n8n/webhook/demo/chat"
    return make_widget(agent.license, name="Second", connection={"url": url})


def eventually(check: Callable[[], bool], seconds: float = BACK) -> float:
    """How long it took until `check` was true."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() < began + seconds, "it did not happen in time"
        time.sleep(0.2)
    return time.monotonic() - began


def is_ready(base: str) -> bool:
    """Not while it recovers from the test before."""
    try:
        return bool(urlopen(f"{base}/readyz", timeout=30).status == 200)
    except HTTPError:
        return False


def hears(base: str) -> bool:
    """Whether version messages arrive at the process again."""
    request = Request(f"{base}/metrics", headers={"Authorization": f"Bearer {server.METRICS_TOKEN}", "Host": "any"})
    with urlopen(request, timeout=30) as response:
        return "\nchatdock_hears_others 1\n" in response.read().decode()


def let_hear(base: str) -> None:
    """Until the product has heard of all that the test has made and changed, and so has forgotten what it knew of it:
    it hears one thing after the other, and last of a widget of somebody else's.
    """
    other = Tab(base, make_widget(make_license(make_organization("Bob's shop"))))
    set_enabled(actor=None, widget=other.widget, enabled=False)
    eventually(lambda: other.open().status == 403)


def answered(answer: Answer) -> bool:
    return answer.status == 200 and "event: done" in answer.text and "event: error" not in answer.text


def test_without_redis_everything_works_and_stopping_takes_five_seconds(
    ways: Ways, agent: Widget, workflow: Widget
) -> None:
    base = ways.product.embed
    Tab(base, agent).begin()
    ways.redis.cut()
    try:
        chat, talk = Tab(base, agent), Tab(base, workflow)
        assert "console.warn" not in chat.loader().text[:20]
        assert chat.begin().status == 200
        assert answered(talk.say())
        suspend_license(actor=None, license=agent.license, level="platform", reason="test", now=timezone.now())
        eventually(lambda: chat.open().status == 403, 5 + AT_ONCE)
        assert chat.begin().code == "license_suspended"
    finally:
        ways.redis.restore()
    reinstate_license(actor=None, license=agent.license, level="platform")
    eventually(lambda: hears(base))
    assert chat.begin().status == 200
    set_enabled(actor=None, widget=agent, enabled=False)
    eventually(lambda: chat.begin().code == "widget_disabled", 10)  # sooner than time alone would tell it


def test_without_a_database_running_chats_go_on_and_new_ones_hear_why(
    ways: Ways, agent: Widget, workflow: Widget
) -> None:
    base = ways.product.embed
    chat, talk, stranger = Tab(base, agent), Tab(base, workflow), Tab(base, agent)
    assert (chat.begin().status, answered(talk.say()), chat.loader().status) == (200, True, 200)
    let_hear(base)
    assert (chat.open().status, talk.open().status, chat.loader().status) == (200, 200, 200)
    ways.database.cut()
    ways.redis.cut()
    try:
        time.sleep(TOO_OLD)
        known = [chat.open(), chat.loader(), chat.begin(), talk.open(), talk.say()]
        assert [answer.status for answer in known] == [200] * 5
        assert answered(known[-1])
        assert stranger.begin().code == "unavailable"
        assert [stranger.begin().code for _ in range(3)] == ["unavailable"] * 3
        assert max(answer.seconds for answer in [chat.open(), chat.begin(), talk.say(), stranger.begin()]) < AT_ONCE
        assert_unknown_widget_is_answered(stranger)
        ways.redis.restore()  # and with it the word that any message may have been missed
        eventually(lambda: hears(base))
        assert [chat.open().status, chat.begin().status, answered(talk.say())] == [200, 200, True]
    finally:
        ways.database.restore()
    eventually(lambda: stranger.begin().status == 200)
    assert VisitorSession.objects.count() == 3
    log = ways.product.log.read_text()
    assert "create-session failed" not in log
    assert "messages failed" not in log


def assert_unknown_widget_is_answered(tab: Tab) -> None:
    unknown = new_id("lic")
    frame = tab._call(f"/widget/n8n/{unknown}", {"Sec-Fetch-Dest": "iframe"})
    loader = tab._call(f"/api/widget/{unknown}/chat-widget.js", {})
    assert (frame.status, "unavailable" in frame.text) == (503, True)
    assert (loader.status, loader.text.startswith('console.warn("[Chatdock] unavailable')) == (200, True)


def test_frozen_database_holds_up_nobody_for_long(ways: Ways, agent: Widget) -> None:
    base = ways.product.embed
    chat, stranger = Tab(base, agent), Tab(base, agent)
    assert chat.begin().status == 200
    let_hear(base)
    assert chat.begin().status == 200
    ways.database.freeze()
    try:
        refused = stranger.begin()
        assert (refused.code, refused.seconds < 15) == ("unavailable", True)
        assert stranger.begin().seconds < AT_ONCE
        assert [chat.begin().status, chat.open().status] == [200, 200]
        assert max(chat.begin().seconds, chat.open().seconds) < AT_ONCE
    finally:
        ways.database.thaw()
    eventually(lambda: stranger.begin().status == 200)
