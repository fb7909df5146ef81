import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.audit import changes
from accounts.models import AuditEvent, Organization
from accounts.permissions import Role
from accounts.services import add_member, record
from core.caller import act_on_behalf_of, set_caller
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "/o/alices-shop/audit/"


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def shop(client, alice) -> Organization:
    """With no lines, and alice logged in."""
    shop = make_organization("Alice's shop", alice)
    client.force_login(alice)
    return shop


def tell(shop: Organization, actor, action: str = "widget.published", days: int = 0, **details) -> AuditEvent:
    with time_machine.travel(NOW - timedelta(days=days), tick=False):
        return record(action=action, actor=actor, organization=shop, **details)


def targets(client, query: str) -> list[str]:
    return [event.target for event, _, _ in client.get(PAGE + query).context["rows"] if event.target.startswith("wgt")]


def test_page_tells_who_what_and_from_where(client, shop, alice):
    set_caller({"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Firefox"})
    tell(shop, alice, "member.changed", target="bob", before={"role": "editor"}, after={"role": "analyst"})
    page = client.get(PAGE).content.decode()
    for text in ("alice@example.com", "Member changed", "role: editor → analyst", "bob", "192.0.2.7", "Firefox"):
        assert text in page


def test_page_tells_on_whose_behalf(client, shop):
    agency = make_organization("Agency", make_user("bob"), kind="reseller")
    act_on_behalf_of(agency.pk)
    tell(shop, agency.memberships.get().user, target="wgt_1")
    assert "on behalf of Agency" in client.get(PAGE).content.decode()


def test_those_who_sent_somebody_see_what_they_did_there(client, shop):
    agency = make_organization("Agency", make_user("bob"), kind="reseller")
    bob = agency.memberships.get().user
    tell(shop, bob, target="wgt_1", on_behalf_of=agency)
    tell(shop, make_user("charlie"), target="wgt_2")
    client.force_login(bob)
    page = client.get("/o/agency/audit/").content.decode()
    assert ("at Alice&#x27;s shop" in page, "wgt_1" in page, "wgt_2" in page) == (True, True, False)


def test_lines_are_filtered_by_person_action_target_and_time(client, shop, alice):
    bob = make_user("bob")
    tell(shop, alice, target="wgt_1")
    tell(shop, bob, target="wgt_2", days=2)
    tell(shop, None, "widget.created", target="wgt_3", days=40)
    assert targets(client, "") == ["wgt_1", "wgt_2", "wgt_3"]
    assert targets(client, f"?person={bob.pk}") == ["wgt_2"]
    assert targets(client, "?person=system") == ["wgt_3"]
    assert targets(client, "?action=widget.published") == ["wgt_1", "wgt_2"]
    assert targets(client, "?q=wgt_3") == ["wgt_3"]
    assert targets(client, "?time=day") == ["wgt_1"]
    assert targets(client, "?time=2026-10") == ["wgt_3"]
    assert targets(client, f"?time=month&action=widget.published&person={alice.pk}") == ["wgt_1"]
    assert targets(client, "?time=nonsense&person=999&sort=at") == ["wgt_3", "wgt_2", "wgt_1"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_few_and_many(client, shop, alice, django_assert_num_queries, count):
    for number in range(count):
        tell(shop, alice, target=f"wgt_{number}")
    with django_assert_num_queries(7):  # session, person, memberships, people, actions, count, page
        client.get(PAGE)


def test_lines_come_in_pages(client, shop, alice):
    for number in range(51):
        tell(shop, alice, target=f"wgt_{number}")
    assert len(client.get(PAGE).context["rows"]) == 50
    assert client.get(PAGE + "?page=2").context["rows"] != []


def rows_of(response) -> list[list[str]]:
    async def read() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return list(csv.reader(io.StringIO(async_to_sync(read)().decode("utf-8-sig"))))


def test_export_is_what_the_page_shows_and_holds_no_formulas(client, shop, alice, monkeypatch):
    monkeypatch.setattr("accounts.audit.BATCH", 1)
    tell(shop, alice, "widget.published", target="=HYPERLINK(1)", reason="say “x”")
    tell(shop, alice, "widget.published", target="wgt_2")
    tell(shop, alice, "widget.created", target="wgt_3")
    head, *rows = rows_of(client.get(PAGE + "audit.csv?action=widget.published"))
    assert head[:5] == ["time", "person", "on_behalf_of", "action", "target"]
    assert [row[4] for row in rows] == ["'=HYPERLINK(1)", "wgt_2"]
    assert rows[0][:2] + rows[0][5:6] == ["2026-11-20T12:00:00+00:00", "alice@example.com", '{"reason": "say “x”"}']
    assert AuditEvent.objects.filter(action="audit.exported", actor=alice).count() == 1


@pytest.mark.parametrize("path", ["", "audit.csv"])
def test_log_is_absent_for_others_and_closed_to_editors(client, shop, path):
    client.force_login(make_user("charlie"))
    assert client.get(PAGE + path).status_code == 404
    add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.EDITOR)
    client.force_login(shop.memberships.get(user__name="bob").user)
    assert client.get(PAGE + path).status_code == 403


@pytest.mark.parametrize(
    ("details", "lines"),
    [
        ({}, []),
        ({"reason": "x", "count": 0}, ["reason: x", "count: 0"]),
        ({"before": {"a": 1, "b": 2}, "after": {"a": 1, "b": None}}, ["b: 2 → nothing"]),
        ({"before": {"role": "owner"}}, ['before: {"role": "owner"}']),
        ({"scopes": ["a", "b"], "ip_list": []}, ["scopes: a, b", "ip list: nothing"]),
    ],
)
def test_details_in_words(details, lines):
    assert list(changes(details)) == lines


def test_old_lines_go_by_command_alone_and_that_is_told(shop, alice):
    tell(shop, alice, target="old", days=400)
    tell(shop, alice, target="new", days=100)
    call_command("delete_old_audit", days=365, verbosity=0)
    assert [event.target for event in AuditEvent.objects.filter(action="widget.published")] == ["new"]
    assert AuditEvent.objects.get(action="audit.deleted").details["count"] == 1


@pytest.mark.postgres
@pytest.mark.parametrize("sql", ["UPDATE accounts_auditevent SET action = 'x'", "DELETE FROM accounts_auditevent"])
def test_database_refuses_to_change_a_line_whoever_asks(shop, alice, sql):
    tell(shop, alice)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def app_role(shop):
    """A second role, which a test becomes with SET LOCAL ROLE."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE chatdock_test_app")
        call_command("grant_app_role", "chatdock_test_app", verbosity=0)
        cursor.execute("SET LOCAL ROLE chatdock_test_app")
    yield "chatdock_test_app"
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.postgres
def test_application_reads_and_adds_lines_and_does_its_work(app_role, client, shop, alice):
    tell(shop, alice, target="wgt_1")
    add_member(actor=alice, organization=shop, user=make_user("bob"), role=Role.EDITOR)
    assert client.get(PAGE).status_code == 200


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditevent SET action = 'x'",
        "DELETE FROM accounts_auditevent",
        "TRUNCATE accounts_auditevent",
        "SET LOCAL chatdock.audit_retention = 'on'; DELETE FROM accounts_auditevent",
        "ALTER TABLE accounts_auditevent DISABLE TRIGGER audit_is_append_only",
        "DROP TABLE accounts_auditevent",
    ],
)
def test_application_changes_and_deletes_no_line(app_role, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEvent.objects.exists()


@pytest.mark.postgres
def test_role_that_nothing_can_be_kept_from_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()
    for role in (owner, "nobody_of_this_name", 'x"; DROP TABLE y; --'):
        with pytest.raises(CommandError):
            call_command("grant_app_role", role)


@pytest.mark.postgres
def test_statements_are_printed_for_a_database_administrator(capsys):
    call_command("grant_app_role", "chatdock_app", sql=True)
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == 'REVOKE UPDATE, DELETE, TRUNCATE ON "accounts_auditevent" FROM "chatdock_app";'
