"""What all calls of the REST API have in common, tried on webhooks and the audit log."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Membership, WebhookEndpoint
from accounts.permissions import Role
from accounts.services import add_member, suspend_organization
from accounts.webhooks import create_endpoint
from core.api import CODES
from tests.api import Api
from tests.build import make_license, make_organization, make_user

pytestmark = pytest.mark.django_db
NEW = {"url": "https://hooks.example.com/x", "events": ["license.*"]}


@pytest.fixture
def membership() -> Membership:
    organization = make_organization("Alice's shop", make_user("alice"))
    make_license(organization)
    return organization.memberships.get()


@pytest.fixture
def api(membership) -> Api:
    return Api(membership)


def make_endpoints(organization, count: int) -> list[str]:
    made = [create_endpoint(actor=None, organization=organization, **NEW)[0].public_id for _ in range(count)]
    return made[::-1]  # newest first, as lists show them


def error(response) -> tuple[int, str]:
    body = response.json()["error"]
    assert body["code"] in CODES
    return response.status_code, body["code"]


# Tokens


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer", "Bearer x", "Bearer cdt_x y", "bearer \xff"])
def test_call_without_a_good_token_answers_401(header):
    response = Client().get("/api/v1/webhooks/", headers={"Authorization": header})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_ended_and_foreign_tokens_answer_401(membership):
    ended = Api(membership, expires_at=timezone.now() - timedelta(seconds=1))
    elsewhere = Api(membership, ip_list=["192.0.2.0/24"])

    answers = [error(ended.get("/webhooks/")), error(elsewhere.get("/webhooks/"))]

    assert answers == [(401, "authentication_failed")] * 2


def test_token_from_its_network_is_good(membership):
    assert Api(membership, ip_list=["127.0.0.0/8"]).get("/webhooks/").status_code == 200


def test_a_dashboards_session_opens_nothing(membership):
    session = Client()
    session.force_login(membership.user)

    assert error(session.get("/api/v1/webhooks/")) == (401, "not_authenticated")
    assert error(session.post("/api/v1/webhooks/", NEW, content_type="application/json")) == (401, "not_authenticated")


def test_scope_that_the_role_lost_is_refused(api, membership):
    add_member(actor=None, organization=membership.organization, user=membership.user, role=Role.ANALYST)

    assert error(api.get("/webhooks/")) == (403, "permission_denied")


def test_plan_without_the_api_refuses():
    organization = make_organization("Alice's shop", make_user("alice"))
    make_license(organization, features=["n8n"])

    assert error(Api(organization.memberships.get()).get("/webhooks/")) == (403, "entitlement_missing")


def test_suspended_organization_reads_and_does_not_write(api, membership):
    suspend_organization(actor=None, organization=membership.organization, now=timezone.now())

    assert api.get("/webhooks/").status_code == 200
    assert error(api.post("/webhooks/", NEW)) == (403, "organization_suspended")
    assert not WebhookEndpoint.objects.exists()


# Requests that are not understood


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("cursor=v1.t1.AAAA.AAAA", "cursor"),
        ("cursor=%00", "cursor"),
        ("page=2", "page"),
        ("organization=org_1", "organization"),
    ],
)
def test_parameter_that_is_not_valid_is_named(api, query, field):
    response = api.get(f"/webhooks/?{query}")

    assert (error(response), list(response.json()["error"]["fields"])) == ((400, "bad_request"), [field])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (NEW | {"secret": "mine", "organization": "org_1"}, "organization"),
        (NEW | {"url": "http://10.0.0.1"}, "url"),
        (NEW | {"events": ["license.eaten"]}, "events"),
        ({"url": NEW["url"]}, "events"),
    ],
)
def test_field_that_is_not_valid_is_named(api, body, field):
    response = api.post("/webhooks/", body)

    assert error(response) == (400, "bad_request")
    assert field in response.json()["error"]["fields"]


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "bad_request"),
        ("[]", "application/json", 400, "bad_request"),
        ('{"url": "\\u0000"}', "application/json", 400, "bad_request"),
        ('{"url": "\\ud800"}', "application/json", 400, "bad_request"),
        ("[" * 50_000, "application/json", 400, "bad_request"),
        ("url=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("x" * 3_000_000, "application/json", 413, "too_large"),
    ],
)
def test_body_that_cannot_be_read(api, data, kind, status, code):
    response = Client().generic("POST", "/api/v1/webhooks/", data, content_type=kind, headers=api._headers)

    assert error(response) == (status, code)


def test_other_methods_types_and_addresses(api):
    put = api.put("/webhooks/", NEW)
    assert (error(put), put["Allow"]) == ((405, "method_not_allowed"), "GET, HEAD, POST")
    assert error(api.get("/webhooks/", Accept="text/html")) == (406, "not_acceptable")
    assert error(api.get("/fax/")) == (404, "not_found")
    assert error(api.get("/webhooks")) == (404, "not_found")
    assert error(api.get("/webhooks/whe_%00/")) == (404, "not_found")
    assert Client().get("/api/v1/fax/").status_code == 401


def test_fault_of_ours_is_told_as_json(api, monkeypatch):
    monkeypatch.setattr("accounts.api.webhooks.WebhookEndpoint.objects.for_organization", lambda _: 1 / 0)
    api._client.raise_request_exception = False

    assert error(api.get("/webhooks/")) == (500, "internal_error")


# Pages


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(api, django_assert_num_queries, count):
    make_endpoints(api.organization, count)
    api.get("/webhooks/")
    with django_assert_num_queries(4):  # token, membership, plan, endpoints
        assert len(api.get("/webhooks/").json()["data"]) == count


def test_pages_show_every_row_once(api):
    ids = make_endpoints(api.organization, 5)
    pages, cursor = [], ""
    while cursor is not None:
        page = api.get("/webhooks/?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        pages.append([row["id"] for row in page["data"]])
        if len(pages) == 1:
            make_endpoints(api.organization, 1)  # a row that comes meanwhile moves nothing
        cursor = page["next"]

    assert pages == [ids[:2], ids[2:4], ids[4:]]


def test_cursor_is_good_for_its_list_alone_and_tells_nothing(api):
    make_endpoints(api.organization, 3)
    cursor = api.get("/webhooks/?limit=2").json()["next"]
    AuditEvent.objects.create(action="x", organization=api.organization)

    assert error(api.get(f"/audit-events/?cursor={cursor}")) == (400, "bad_request")
    assert str(WebhookEndpoint.objects.latest("pk").pk) not in cursor.split(".")


def test_rows_of_one_moment_are_not_lost(api):
    now = timezone.now()
    for number in range(5):
        AuditEvent.objects.create(action=f"a{number}", organization=api.organization, at=now + timedelta(days=1))
    first = api.get("/audit-events/?limit=3").json()
    second = api.get(f"/audit-events/?limit=2&cursor={first['next']}").json()

    assert [e["action"] for e in (*first["data"], *second["data"])] == ["a4", "a3", "a2", "a1", "a0"]


def test_audit_events_are_filtered(api):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number, target in enumerate(("lic_1", "lic_2", "lic_1")):
        when = at + timedelta(days=number)
        AuditEvent.objects.create(action=f"a{number}", target=target, organization=api.organization, at=when)
    AuditEvent.objects.create(action="a0", target="lic_1", organization=make_organization("Charlie's"), at=at)

    def found(query: str) -> list[str]:
        return [event["action"] for event in api.get(f"/audit-events/?until=2026-02-01&{query}").json()["data"]]

    assert found("target=lic_1") == ["a2", "a0"]
    assert found("action=a0") == ["a0"]
    assert found("since=2026-01-02T00:00:00Z") == ["a2", "a1"]


# Doing things once


def test_same_key_does_it_once(api):
    first = api.post("/webhooks/", NEW, Idempotency_Key="june")
    again = api.post("/webhooks/", NEW, Idempotency_Key="june")

    assert (again.status_code, again.json()) == (201, first.json())
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert WebhookEndpoint.objects.count() == 1


def test_same_key_for_another_body_is_refused(api):
    api.post("/webhooks/", NEW, Idempotency_Key="june")

    other = api.post("/webhooks/", NEW | {"description": "Other"}, Idempotency_Key="june")

    assert error(other) == (422, "idempotency_key_reused")


def test_same_key_on_another_thing_is_another_call(api):
    one, other = make_endpoints(api.organization, 2)
    deleted = [api.delete(f"/webhooks/{name}/", Idempotency_Key="june").status_code for name in (one, other, one)]

    assert deleted == [204, 204, 204]  # the last one again
    assert error(api.delete(f"/webhooks/{one}/")) == (404, "not_found")


def test_answer_comes_again_with_its_etag(api):
    (name,) = make_endpoints(api.organization, 1)
    headers = {"Idempotency_Key": "june", "If_Match": "*"}
    first, again = (api.patch(f"/webhooks/{name}/", {"enabled": False}, **headers) for _ in range(2))

    assert (first["ETag"], again.json()) == (again["ETag"], first.json())


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "schl\xfcssel"])
def test_key_that_is_none(api, key):
    response = api.post("/webhooks/", NEW, Idempotency_Key=key)

    assert (error(response), list(response.json()["error"]["fields"])) == ((400, "bad_request"), ["Idempotency-Key"])


def test_fault_lets_the_call_be_made_again(api, monkeypatch):
    api._client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("accounts.webhooks.create_endpoint", lambda **_: 1 / 0)
        assert error(api.post("/webhooks/", NEW, Idempotency_Key="june")) == (500, "internal_error")

    assert api.post("/webhooks/", NEW, Idempotency_Key="june").status_code == 201


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_calls_at_once_one_is_done(membership):
    api, barrier = Api(membership), threading.Barrier(8)

    def run(_: int) -> int:
        barrier.wait()
        try:
            return api.post("/webhooks/", NEW, Idempotency_Key="june").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = set(threads.map(run, range(8)))

    assert (WebhookEndpoint.objects.count(), statuses - {201, 409}) == (1, set())


# Two who write


def test_change_needs_what_was_read(api):
    (name,) = make_endpoints(api.organization, 1)
    path, change = f"/webhooks/{name}/", {"description": "Billing"}
    read = api.get(path)["ETag"]

    assert error(api.patch(path, change)) == (428, "precondition_required")
    assert error(api.patch(path, change, If_Match='"other"')) == (412, "precondition_failed")
    changed = api.patch(path, change, If_Match=read)
    assert (changed.status_code, changed.json()["description"]) == (200, "Billing")
    assert error(api.patch(path, change, If_Match=read)) == (412, "precondition_failed")
    assert api.patch(path, change, If_Match=changed["ETag"]).status_code == 200
    assert api.get(path)["ETag"] == changed["ETag"]


# How fast


def test_calls_are_counted_per_token(api, membership, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": (2, 60)}
    first, second, third = (api.get("/webhooks/") for _ in range(3))

    assert [r["RateLimit-Remaining"] for r in (first, second, third)] == ["1", "0", "0"]
    assert (first["RateLimit-Limit"], first["RateLimit-Policy"], first["RateLimit-Reset"]) == ("2", "2;w=60", "30")
    assert (error(third), third["Retry-After"]) == ((429, "rate_limited"), "30")
    assert Api(membership).get("/webhooks/").status_code == 200
