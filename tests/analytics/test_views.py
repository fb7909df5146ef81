from datetime import UTC, datetime, timedelta

import pytest

from accounts.permissions import Role
from accounts.services import add_member
from analytics.incidents import Report, write_reports
from core.codes import MEANINGS, Code
from tests.build import make_license, make_organization, make_user, make_widget

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def widget():
    return make_widget(make_license(make_organization("Alice's shop", make_user("alice"))))


@pytest.fixture
def client(client, widget):
    client.force_login(widget.organization.memberships.get().user)
    return client


def url(widget) -> str:
    return f"/o/alices-shop/widgets/{widget.public_id}/problems/"


def fail(widget, code: Code, detail: str = "", *, minutes: int = 0) -> None:
    at = NOON + timedelta(minutes=minutes)
    write_reports([Report(widget.organization_id, widget.pk, code.value, detail, at)])


def test_problem_has_code_meaning_own_words_and_count(client, widget):
    fail(widget, Code.N8N_WORKFLOW_FAILED, "Error in node <Answer>")
    fail(widget, Code.N8N_WORKFLOW_FAILED, "Error in node <Answer>", minutes=2)
    page = client.get(url(widget)).content.decode()
    parts = ["n8n_workflow_failed", MEANINGS[Code.N8N_WORKFLOW_FAILED].mean, "Error in node &lt;Answer&gt;", "2 times"]
    assert [part for part in parts if part not in page] == []
    assert "last on 20 November 2026, 12:02:00" in page


def test_latest_comes_first(client, widget):
    fail(widget, Code.QUOTA_EXCEEDED)
    fail(widget, Code.UPSTREAM_TIMEOUT, minutes=1)
    rows = client.get(url(widget)).context["rows"]
    assert [incident.code for incident, _ in rows] == ["upstream_timeout", "quota_exceeded"]


def test_without_problems_the_page_says_so(client, widget):
    assert "No problems so far" in client.get(url(widget)).content.decode()


def test_problems_of_another_widget_stay_there(client, widget):
    fail(make_widget(widget.license, name="Other"), Code.QUOTA_EXCEEDED)
    assert client.get(url(widget)).context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number(client, widget, count, django_assert_num_queries):
    for code in list(Code)[:count]:
        fail(widget, code)
    path = url(widget)
    with django_assert_num_queries(5):  # session, user, memberships, widget, incidents
        rows = client.get(path).context["rows"]
    assert len(rows) == count


def test_widget_of_others_is_as_absent_as_none(client, widget):
    charlies = make_widget(make_license(make_organization("Charlie's bakery", make_user("charlie"))))
    fail(charlies, Code.QUOTA_EXCEEDED)
    foreign, absent = client.get(url(charlies)), client.get("/o/alices-shop/widgets/wgt_0/problems/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_role_without_widgets_may_not(client, widget):
    bob = make_user("bob")
    add_member(actor=None, organization=widget.organization, user=bob, role=Role.BILLING)
    client.force_login(bob)
    assert client.get(url(widget)).status_code == 403
