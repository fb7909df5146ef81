"""What is done to licences over REST."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from licenses.domains import parse_rule
from licenses.services import (
    add_domains,
    create_customer,
    create_plan,
    issue_license,
    suspend_license,
)
from tests.api import make_plan_with_api
from tests.licenses.api.answers import refused

pytestmark = pytest.mark.django_db
FAR = datetime(2100, 1, 1, tzinfo=UTC)


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
