"""A business run by machines: a reseller's and its customer's calls. Who is refused, config/test_api_calls.py tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.models import License
from licenses.services import (
    add_domains,
    create_customer,
    create_plan,
    create_reseller,
    issue_license,
    suspend_license,
)
from tests.api import POOL, Api, make_plan_with_api
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def plan():
    return make_plan_with_api()


@pytest.fixture
def agency(plan) -> Organization:
    return create_reseller(
        actor=None, name="Alice's agency", plan_codes=["basic"], pool=POOL | {"licenses": 3, "customers": 3}
    ).organization


@pytest.fixture
def shop(agency) -> Organization:
    return create_customer(actor=None, reseller=agency, name="Bob's shop")


def enter(organization: Organization, user: User, role: Role) -> Membership:
    return add_member(actor=None, organization=organization, user=user, role=role)


@pytest.fixture
def alice(agency) -> Api:
    return Api(enter(agency, make_user("alice"), Role.RESELLER_OWNER))


@pytest.fixture
def bob(shop) -> Api:
    return Api(enter(shop, make_user("bob"), Role.OWNER))


@pytest.fixture
def operator(db) -> Api:
    return Api(make_organization("Platform", make_user("charlie"), kind="platform").memberships.get())


@pytest.fixture
def license(plan, agency, shop) -> License:
    return issue_license(actor=None, plan=plan, organization=shop, issuer=agency)


def refused(response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


# Customers


def test_customer_is_signed_up_and_renamed(alice, agency):
    """A line of its own that is an address would be a button in our mails: names are one line."""
    made = alice.post("/customers/", {"name": "Bob's\r\n\r\nbakery"})
    path = f"/customers/{made.json()['id']}/"
    customer = Organization.objects.get(public_id=made.json()["id"])

    assert (made.status_code, customer.parent, made.json()["reseller"]) == (201, agency, agency.public_id)
    assert made.json()["name"] == "Bob's bakery"
    renamed = alice.patch(path, {"name": "Bob's\n\ncafé"}, If_Match=alice.get(path)["ETag"])
    assert renamed.json() == made.json() | {"name": "Bob's café"}
    assert refused(alice.patch(path, {"name": "Other"}, If_Match='"old"')) == (412, "precondition_failed")


def test_customers_beyond_the_pool_are_refused(alice):
    answers = [alice.post("/customers/", {"name": f"Shop {n}"}) for n in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 403]
    assert refused(answers[-1]) == (403, "pool_exceeded")


def test_operator_signs_up_customers_of_resellers_and_of_nobody(operator, agency, shop):
    theirs = operator.post("/customers/", {"name": "One", "reseller": agency.public_id}).json()
    nobodys = operator.post("/customers/", {"name": "Two"}).json()

    assert (theirs["reseller"], nobodys["reseller"]) == (agency.public_id, None)
    wrong = operator.post("/customers/", {"name": "Three", "reseller": shop.public_id})
    assert (refused(wrong), list(wrong.json()["error"]["fields"])) == ((400, "bad_request"), ["reseller"])


def test_reseller_names_no_other_reseller(alice, operator, plan):
    elsewhere = create_reseller(actor=None, name="Charlie's", plan_codes=["basic"], pool=POOL).organization

    assert refused(alice.post("/customers/", {"name": "X", "reseller": elsewhere.public_id})) == (400, "bad_request")


def test_customers_are_filtered(alice, agency, shop):
    other = create_customer(actor=None, reseller=agency, name="Bakery")
    other.suspended_at = timezone.now()
    other.save()

    def found(query: str) -> list[str]:
        return [row["name"] for row in alice.get(f"/customers/?{query}").json()["data"]]

    assert (found("name=shop"), found("suspended=true"), found("suspended=false")) == (
        ["Bob's shop"],
        ["Bakery"],
        ["Bob's shop"],
    )


# Licences


def test_licence_goes_from_the_pool_to_its_end(alice, bob, shop):
    issued = alice.post("/licenses/", {"plan": "basic"}).json()
    path = f"/licenses/{issued['id']}/"

    def state() -> str:
        return alice.get(path).json()["state"]

    assert (issued["state"], issued["key"][-4:]) == ("pool", issued["key_last4"])
    assert "key" not in alice.get(path).json()
    assert alice.post(f"{path}assign/", {"customer": shop.public_id}).json()["organization"] == shop.public_id
    assert bob.get(path).json()["state"] == "active"
    assert alice.post(f"{path}suspend/", {"reason": "Invoice"}).json()["suspended_by"] == "reseller"
    assert refused(bob.post(f"{path}reinstate/")) == (403, "not_allowed")
    alice.post(f"{path}reinstate/")
    assert state() == "active"
    assert alice.post(f"{path}extend/", {"until": FAR.isoformat()}).json()["expires_at"] == "2100-01-01T00:00:00Z"
    assert refused(alice.post(f"{path}extend/", {"until": "2001-01-01T00:00:00Z"})) == (403, "not_allowed")
    alice.post(f"{path}revoke/", {"reason": "Over"})
    assert state() == "revoked"


def test_customer_claims_pauses_and_rotates(alice, bob, shop):
    key = alice.post("/licenses/", {"plan": "basic"}).json()["key"]
    give_api(shop)
    claimed = bob.post("/licenses/claim/", {"key": key}).json()
    path = f"/licenses/{claimed['id']}/"

    assert claimed["organization"] == shop.public_id
    assert refused(bob.post("/licenses/claim/", {"key": key})) == (404, "not_found")
    assert bob.post(f"{path}suspend/").json()["state"] == "suspended"
    assert bob.post(f"{path}reinstate/").json()["state"] == "active"
    assert bob.post(f"{path}rotate-key/", {"overlap_hours": 0}).json()["key"] != key
    assert refused(bob.post(f"{path}revoke/")) == (403, "scope_missing")


def give_api(shop: Organization) -> None:
    """The API itself is a feature: claiming by token needs another licence that has it."""
    issue_license(actor=None, plan=make_plan_with_api("other"), organization=shop)


def test_keys_are_not_probed(bob, license, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"claim": (2, 3600)}
    answers = [refused(bob.post("/licenses/claim/", {"key": "cdk_X"})) for _ in range(3)]

    assert answers == [(404, "not_found"), (404, "not_found"), (429, "rate_limited")]


def test_renewal_needs_a_key_and_is_done_once(alice, license):
    path = f"/licenses/{license.public_id}/renew/"
    bare = alice.post(path, {"days": 30})
    until = [alice.post(path, {"days": 30}, Idempotency_Key=key).json()["expires_at"] for key in ("1", "1", "2")]

    assert (refused(bare), list(bare.json()["error"]["fields"])) == ((400, "bad_request"), ["Idempotency-Key"])
    ends = [datetime.fromisoformat(text) - license.expires_at for text in until]
    assert ends == [timedelta(days=30), timedelta(days=30), timedelta(days=60)]


def test_licences_beyond_the_pool_are_refused(alice, license):
    answers = [alice.post("/licenses/", {"plan": "basic"}) for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [201, 201]
    assert refused(answers[2]) == (403, "pool_exceeded")


def test_plans_beyond_the_resellers_are_absent(alice, license):
    make_plan_with_api("secret")

    assert [plan["code"] for plan in alice.get("/plans/").json()["data"]] == ["basic"]
    assert refused(alice.post("/licenses/", {"plan": "secret"})) == (400, "bad_request")
    change = alice.post(f"/licenses/{license.public_id}/change-plan/", {"plan": "secret"})
    assert list(change.json()["error"]["fields"]) == ["plan"]


def test_plan_is_changed_by_force_only_when_more_is_in_use(operator, license):
    add_domains(actor=None, license=license, rules=[parse_rule("a.test"), parse_rule("b.test")])
    create_plan(actor=None, code="small", name="Small", limits={"domains": 1}, features=["api"])
    path = f"/licenses/{license.public_id}/change-plan/"
    over = operator.post(path, {"plan": "small"})

    assert (refused(over), over.json()["error"]["fields"]) == (
        (409, "over_limits"),
        {"domains": {"used": 2, "limit": 1}},
    )
    assert operator.post(path, {"plan": "small", "force": True}).json()["plan"] == "small"


def test_overrides_are_written_by_whoever_read_them(alice, operator, license):
    path = f"/licenses/{license.public_id}/overrides/"
    read = alice.get(path)
    assert read.json() == {"limits": {}, "features_added": [], "features_removed": [], "grace_days": None}
    wanted = {"limits": {"widgets": 5}, "features_removed": ["api"], "grace_days": 14}
    first = operator.patch(path, wanted, If_Match=read["ETag"])
    second = alice.patch(path, {"limits": {}}, If_Match=read["ETag"])

    assert first.json() == wanted | {"features_added": []}
    assert refused(second) == (412, "precondition_failed")
    assert refused(alice.patch(path, {"limits": {}})) == (428, "precondition_required")
    shown = alice.get(f"/licenses/{license.public_id}/").json()
    assert (shown["limits"]["widgets"], "api" in shown["features"], shown["grace_days"]) == (5, False, 14)


@pytest.mark.parametrize("limits", [{"cats": 1}, {"widgets": -2}, {"widgets": 10**30}, {"widgets": "many"}])
def test_limits_are_of_the_closed_list(operator, license, limits):
    response = operator.patch(f"/licenses/{license.public_id}/overrides/", {"limits": limits}, If_Match="*")

    assert (refused(response), list(response.json()["error"]["fields"])) == ((400, "bad_request"), ["limits"])


def test_transfer_gives_a_new_licence(alice, agency, license):
    second = create_customer(actor=None, reseller=agency, name="Second")
    heir = alice.post(f"/licenses/{license.public_id}/transfer/", {"customer": second.public_id}).json()

    assert (heir["organization"], heir["transferred_from"], heir["key"][:4]) == (
        second.public_id,
        license.public_id,
        "cdk_",
    )
    assert alice.get(f"/licenses/{license.public_id}/").json()["state"] == "revoked"


def test_reseller_does_not_lift_what_the_platform_suspended(alice, license):
    suspend_license(actor=None, license=license, reason="", now=timezone.now())

    assert refused(alice.post(f"/licenses/{license.public_id}/reinstate/")) == (403, "not_allowed")


def test_licences_are_filtered(alice, plan, agency, shop, license):
    pooled = issue_license(actor=None, plan=plan, issuer=agency)
    suspend_license(actor=None, license=license, reason="", now=timezone.now())

    def found(query: str) -> set[str]:
        return {row["id"] for row in alice.get(f"/licenses/?{query}").json()["data"]}

    assert found(f"customer={shop.public_id}") == found("suspended=true") == {license.public_id}
    assert found("assigned=false") == found("suspended=false") == {pooled.public_id}
    assert found("plan=basic") == found("revoked=false") == {license.public_id, pooled.public_id}
    assert found("expires_before=2100-01-01") == {license.public_id}
    assert found("plan=other") == found("expires_after=2100-01-01") == set()


# Domains


def test_domains_come_and_go(bob, license):
    path = f"/licenses/{license.public_id}/domains/"
    added = bob.post(path, {"domains": ["shop.test", "*.münchen.test:8443"]})
    again = bob.post(path, {"domains": ["shop.test"]})

    assert [row["domain"] for row in added.json()["data"]] == ["shop.test", "*.münchen.test:8443"]
    assert (again.status_code, again.json()) == (201, {"data": []})
    assert bob.delete(f"{path}*.m%C3%BCnchen.test:8443/").status_code == 204
    assert [row["domain"] for row in bob.get(path).json()["data"]] == ["shop.test"]
    assert refused(bob.delete(f"{path}a b/")) == (404, "not_found")
    assert bob.put(f"/licenses/{license.public_id}/localhost/", {"allowed": True}).json() == {"allowed": True}


def test_resellers_change_of_domains_is_told_on_its_behalf(alice, agency, license):
    path = f"/licenses/{license.public_id}/"
    alice.post(f"{path}domains/", {"domains": ["shop.test"]})
    alice.put(f"{path}localhost/", {"allowed": True})
    alice.delete(f"{path}domains/shop.test/")
    lines = AuditEvent.objects.filter(organization=license.organization, actor__email="alice@example.com")
    assert dict(lines.values_list("action", "on_behalf_of")) == dict.fromkeys(
        ["license.domains_added", "license.localhost", "license.domain_removed"], agency.pk
    )
    assert {line.details["by_token"] for line in lines} == {alice.token.public_id}


def test_wrong_domains_are_named_and_nothing_is_added(bob, license):
    path = f"/licenses/{license.public_id}/domains/"
    response = bob.post(path, {"domains": ["shop.test", "*"]})

    assert (refused(response), list(response.json()["error"]["fields"]["domains"])) == ((400, "bad_request"), ["*"])
    assert bob.get(path).json()["data"] == []


def test_licence_in_the_pool_has_no_domains(alice, plan, agency):
    pooled = issue_license(actor=None, plan=plan, issuer=agency)
    path = f"/licenses/{pooled.public_id}/"

    assert refused(alice.post(f"{path}domains/", {"domains": ["shop.test"]})) == (409, "license_unassigned")
    assert refused(alice.put(f"{path}localhost/", {"allowed": True})) == (409, "license_unassigned")


# Usage


def test_usage_is_shown_by_period_and_against_the_limits(alice, bob, license):
    take(
        license_id=license.pk,
        organization_id=license.organization_id,
        anchor_day=license.anchor_day,
        limits={Metric.SESSIONS_DAY: -1, Metric.SESSIONS_MONTH: -1},
        now=timezone.now(),
    )
    listed = alice.get(f"/usage/?metric=sessions_month&license={license.public_id}").json()["data"]
    meters = {
        m["metric"]: (m["used"], m["limit"]) for m in bob.get(f"/licenses/{license.public_id}/usage/").json()["meters"]
    }

    assert [(row["license"], row["used"]) for row in listed] == [(license.public_id, 1)]
    assert len(alice.get("/usage/").json()["data"]) == 2
    assert alice.get("/usage/?since=2100-01-01").json()["data"] == []
    assert meters == {
        "widgets": (0, -1),
        "domains": (0, -1),
        "sessions_day": (1, -1),
        "sessions_month": (1, -1),
        "messages_month": (0, -1),
    }


# Validation


def test_licence_is_validated_by_key_and_by_id(bob, license):
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    ask = {"domain": "shop.test", "widget_type": "n8n", "feature": "file_upload"}
    by_key = bob.post("/licenses/validate", {"key": license.fresh_key.reveal(), **ask}).json()
    by_id = bob.post("/licenses/validate", {"license": license.public_id, **ask}).json()
    elsewhere = bob.post("/licenses/validate", {"license": license.public_id, "domain": "evil.test"}).json()

    assert by_key == by_id
    assert (by_key["valid"], by_key["code"], by_key["license"]) == (True, "valid", license.public_id)
    assert (elsewhere["valid"], elsewhere["code"]) == (False, "domain_not_allowed")


def test_what_is_anothers_is_not_found(bob, license, plan):
    theirs = issue_license(actor=None, plan=plan, organization=make_organization("Charlie's"))
    asked = [{"key": theirs.fresh_key.reveal()}, {"license": theirs.public_id}, {"key": "cdk_X"}, {"license": "lic_0"}]
    answers = [bob.post("/licenses/validate", ask).json() for ask in asked]

    assert [(answer["valid"], answer["code"], answer["license"]) for answer in answers] == [
        (False, "not_found", None)
    ] * 4


@pytest.mark.parametrize("ask", [{}, {"key": "cdk_X", "license": "lic_0"}])
def test_either_key_or_licence_is_asked(bob, license, ask):
    assert refused(bob.post("/licenses/validate", ask)) == (400, "bad_request")


@pytest.mark.postgres
def test_overrides_lock_the_pool_before_the_licence(alice, license):
    path = f"/licenses/{license.public_id}/overrides/"
    etag = alice.get(path)["ETag"]
    with CaptureQueriesContext(connection) as asked:
        assert alice.patch(path, {"limits": {"widgets": 1}}, If_Match=etag).status_code == 200

    tables = ("licenses_reselleraccount", "licenses_license")
    locked = [t for query in asked if "FOR UPDATE" in query["sql"] for t in tables if f'FROM "{t}"' in query["sql"]]
    assert locked[:2] == list(tables)


# Lists


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number(
    operator, bob, shop, agency, plan, count, django_assert_num_queries
):
    held = [issue_license(actor=None, plan=plan, organization=shop, issuer=agency) for _ in range(count)]
    for number in range(count - 1):
        create_customer(actor=None, reseller=agency, name=f"Shop {number}")
        make_plan_with_api(f"plan{number}")
    add_domains(actor=None, license=held[0], rules=[parse_rule(f"shop{n}.test") for n in range(count)])
    for license in held:
        limits = {Metric.SESSIONS_MONTH: -1}
        take(license_id=license.pk, organization_id=shop.pk, anchor_day=1, limits=limits, now=timezone.now())
    for path in ("/licenses/", "/customers/", "/plans/", "/usage/"):
        operator.get(path)
        with django_assert_num_queries(3):  # token, membership, rows
            assert len(operator.get(path).json()["data"]) == count
    with django_assert_num_queries(5):  # token and its use, membership, plan, licences
        assert len(bob.get("/licenses/").json()["data"]) == count
    with django_assert_num_queries(5):  # token, membership, plan, licence, domains
        assert len(bob.get(f"/licenses/{held[0].public_id}/domains/").json()["data"]) == count
