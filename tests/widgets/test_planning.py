"""Publishing later: once, at its time, with what was planned; and what is told when it cannot be."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.models import AuditEvent
from tests.build import make_widget
from tests.widgets.test_versions import retitle
from tests.widgets.test_views_edit import url
from widgets import planning
from widgets.credentials import delete_credential
from widgets.models import PlannedPublication, Widget
from widgets.planning import BROKEN, FARTHEST, WrongTime, cancel_plan, plan_publication, publish_due
from widgets.rotation import rows_by_key
from widgets.services import NotReady, publish_widget, unpublish_widget
from widgets.tasks import publish_planned

Outcome = PlannedPublication.Outcome
NOW = datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
MONDAY = NOW + timedelta(days=3)


def plan(widget, actor=None, **facts):
    return plan_publication(actor=actor, widget=widget, **({"at": MONDAY, "zone": "UTC", "now": NOW} | facts))


def live_title(widget) -> str:
    widget = Widget.objects.with_state().get(pk=widget.pk)
    return widget.published.configuration["texts"]["title"] if widget.published else ""


def actions() -> list[str]:
    return list(AuditEvent.objects.filter(action__contains="publi").order_by("pk").values_list("action", flat=True))


def test_draft_as_it_was_planned_goes_live_once(widget, alice):
    widget = retitle(widget, "Planned")
    plan(widget, alice, note="Spring")
    widget = retitle(widget, "Half of another idea")

    assert [publish_due(now=MONDAY - timedelta(seconds=1)), live_title(widget)] == [0, "How can we help?"]
    assert [publish_due(now=MONDAY), publish_due(now=MONDAY), live_title(widget)] == [1, 0, "Planned"]

    widget.refresh_from_db()
    version = widget.published
    assert (version.number, version.author, version.note) == (2, alice, "Spring")
    assert widget.draft["texts"]["title"] == "Half of another idea"
    assert actions() == ["widget.published", "widget.publication_planned", "widget.published"]
    ended = PlannedPublication.objects.get()
    assert (ended.outcome, ended.ended_at, ended.connection) == (Outcome.PUBLISHED, MONDAY, "")


def test_task_publishes_what_is_due(widget):
    plan(retitle(widget, "Planned"))
    with time_machine.travel(MONDAY):
        publish_planned()
    assert live_title(widget) == "Planned"


def test_plan_that_another_worker_has_is_left_to_it(widget, monkeypatch):
    """It was still waiting when this one read the list."""
    planned = plan(retitle(widget, "Planned"))
    assert publish_due(now=MONDAY) == 1
    assert planning._carry_out(planned, MONDAY) is False
    assert widget.versions.count() == 2


def test_new_plan_replaces_the_one_that_waits(widget):
    plan(retitle(widget, "First"))
    plan(retitle(Widget.objects.get(), "Second"), at=MONDAY + timedelta(days=1))
    assert [publish_due(now=MONDAY), live_title(widget)] == [0, "How can we help?"]
    assert [publish_due(now=MONDAY + timedelta(days=1)), live_title(widget)] == [1, "Second"]
    assert sorted(PlannedPublication.objects.values_list("outcome", flat=True)) == ["cancelled", "published"]


def test_cancelled_plan_changes_nothing(widget, alice):
    plan(retitle(widget, "Planned"))
    assert [cancel_plan(actor=alice, widget=widget, now=NOW) for _ in range(2)] == [True, False]
    assert [publish_due(now=MONDAY), live_title(widget)] == [0, "How can we help?"]
    assert actions()[-1] == "widget.publication_cancelled"


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(days=1), NOW + FARTHEST + timedelta(seconds=1)])
def test_time_must_be_to_come_and_not_too_far(widget, at):
    with pytest.raises(WrongTime):
        plan(widget, at=at)
    assert PlannedPublication.objects.count() == 0


def test_what_could_not_be_published_now_is_not_planned(license):
    with pytest.raises(NotReady):
        plan(make_widget(license, connection={"url": ""}, publish=False))
    assert PlannedPublication.objects.count() == 0


def test_what_has_become_impossible_is_told_on_every_page_until_it_is_made_up_for(client, license):
    widget = make_widget(license, "chatkit", secrets={"openai_key": "sk-demo-key-of-alice"})
    plan(widget, at=timezone.now() + timedelta(hours=1), now=timezone.now())
    delete_credential(actor=None, widget=widget, kind="openai_key")

    assert publish_due(now=timezone.now() + timedelta(hours=1)) == 0

    assert PlannedPublication.objects.get().outcome == Outcome.FAILED
    told = AuditEvent.objects.get(action="widget.publication_failed")
    assert (told.target, told.details) == (
        widget.public_id,
        {"problems": ["Store the OpenAI API key under Connection."]},
    )
    for page in ("", "install/", "publish/"):
        html = client.get(url(widget, page)).content.decode()
        assert ["A scheduled publication failed" in html, "Store the OpenAI API key" in html] == [True, True]
    PlannedPublication.objects.update(ended_at=timezone.now() - timedelta(hours=1))
    client.post(url(widget, "connection/"), {"credential-openai_key-secret": "sk-demo-key-of-alice", "revision": "99"})
    publish_widget(actor=None, widget=Widget.objects.get())
    assert "A scheduled publication failed" not in client.get(url(widget)).content.decode()


def test_mistake_of_ours_fails_one_plan_and_not_the_next(widget, license, monkeypatch):
    other = make_widget(license)
    plan(retitle(widget, "First"))
    plan(retitle(other, "Second"), at=MONDAY + timedelta(seconds=1))
    publish = planning.publish_content

    def broken(*, widget, **facts):
        if widget.pk == other.pk:
            return publish(widget=widget, **facts)
        raise RuntimeError

    monkeypatch.setattr(planning, "publish_content", broken)
    assert publish_due(now=MONDAY + timedelta(minutes=1)) == 1
    assert (live_title(widget), live_title(other)) == ("How can we help?", "Second")
    assert PlannedPublication.objects.get(widget=widget).problem == BROKEN


def test_database_that_is_away_is_tried_again(widget, monkeypatch):
    plan(retitle(widget, "Planned"))
    with monkeypatch.context() as away:
        away.setattr(planning, "publish_content", lambda **facts: (_ for _ in ()).throw(OperationalError))
        assert publish_due(now=MONDAY) == 0
    assert [publish_due(now=MONDAY), live_title(widget)] == [1, "Planned"]


def test_what_waits_is_rewrapped_with_the_rest(widget):
    before = rows_by_key()["t1"]
    plan(widget)
    assert rows_by_key()["t1"] == before + 1


# The page


def send(client, widget, at="2030-03-04T10:00", zone="Europe/Berlin", **more):
    sent = {"plan-at": at, "plan-zone": zone, "plan-note": "Spring", "revision": widget.draft_revision} | more
    with time_machine.travel(NOW, tick=False):
        client.force_login(client.alice)
        return client.post(url(widget, "publish/later/"), sent)


@pytest.fixture
def client(client, alice):
    client.alice = alice
    return client


def test_time_is_that_of_the_person(client, widget, alice):
    widget = retitle(widget, "Planned")
    assert send(client, widget).url == url(widget, "publish/")
    planned = PlannedPublication.objects.get()
    assert (planned.publish_at, planned.zone, planned.planned_by) == (MONDAY, "Europe/Berlin", alice)
    retitle(widget, "Later")
    page = " ".join(client.get(url(widget, "publish/")).content.decode().split())
    assert "Scheduled for Monday, 4 March 2030, 10:00 (Europe/Berlin)</strong> by alice: Spring" in page
    assert "The draft has 1 change since. It does not go along: schedule it again for that." in page
    told = client.get(url(widget)).content.decode()
    assert "Publication scheduled for Monday, 4 March 2030, 10:00 (Europe/Berlin)." in told
    client.post(url(widget, "publish/later/cancel/"))
    assert "Publication scheduled for" not in client.get(url(widget)).content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"at": "2029-01-01T10:00"}, "Choose a time that is to come"),
        ({"at": "soon"}, "Choose a day and a time."),
        ({"at": "2030-03-31T02:30"}, "couldn’t be interpreted in time zone Europe/Berlin"),  # skipped that night
        ({"zone": "Mars/Base"}, "Your browser’s time zone is not known here."),
        ({"zone": "../UTC"}, "Your browser’s time zone is not known here."),
    ],
)
def test_what_cannot_be_planned_is_told_and_kept(client, widget, sent, told):
    response = send(client, widget, **sent)
    page = response.content.decode().replace("&#x27;", "’").replace("couldn't", "couldn’t")
    assert (response.status_code, told in page, 'value="Spring"' in page) == (422, True, True)
    assert PlannedPublication.objects.count() == 0


def test_draft_that_was_not_looked_at_is_not_planned(client, widget):
    retitle(Widget.objects.get(), "Bob's")
    response = send(client, widget)
    assert (response.status_code, [change.after for change in response.context["pending"]]) == (409, ["Bob's"])
    assert ('value="Spring"' in response.content.decode(), PlannedPublication.objects.count()) == (True, 0)


def test_cancelling_too_late_is_told(client, widget):
    page = client.post(url(widget, "publish/later/cancel/"), follow=True).content.decode()
    assert "Nothing was scheduled any more" in page


def test_unpublishing_tells_that_the_plan_stays(client, widget):
    assert "The scheduled publication stays" not in client.get(url(widget, "unpublish/")).content.decode()
    plan(widget)
    assert "The scheduled publication stays" in client.get(url(widget, "unpublish/")).content.decode()
    unpublish_widget(actor=None, widget=widget)
    assert publish_due(now=MONDAY) == 1


# Asking first


def test_unpublishing_is_asked_in_numbers(client, widget):
    publish_widget(actor=None, widget=retitle(widget, "Second"))
    page = client.get(url(widget, "unpublish/"))
    told = page.content.decode()
    assert "The draft stays, and so do 2 versions." in told
    assert live_title(widget) == "Second"


def test_discarding_and_restoring_are_asked_in_numbers(client, widget):
    publish_widget(actor=None, widget=retitle(widget, "Second"))
    widget = retitle(Widget.objects.get(), "Third")
    discard, restore = (client.get(url(widget, f"versions/{number}/restore/")).content.decode() for number in (2, 1))
    assert "1 setting of the draft will be as in version 2." in discard
    assert "What the draft holds and no version does is gone for good." in discard
    assert "All 2 versions are kept" in discard
    assert "Discard the draft?" in discard
    assert "Restore version 1?" in restore
    assert client.get(url(widget, "versions/9/restore/")).status_code == 404
    widget.refresh_from_db()
    assert widget.draft["texts"]["title"] == "Third"


def test_deleting_tells_what_goes_along(client, license):
    widget = make_widget(license, "chatkit")
    page = client.get(url(widget, "settings/")).content.decode()
    assert "1 version, 1 stored secret and all counts are deleted too." in page


def test_publish_page_shows_what_changes(client, widget):
    page = client.get(url(retitle(widget, "Second"), "publish/"))
    assert [(change.label, change.after) for change in page.context["pending"]] == [("Texts: Title", "Second")]
