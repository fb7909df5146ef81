"""Every call of the REST API, out of its own description: its owner, an outsider, a token without the scope, nobody."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.apitokens import scopes_within
from accounts.models import AuditEvent, WebhookDelivery
from config.api_schema import openapi
from licenses.services import suspend_license
from tests.api import ABSENT, Api, Business, make_two_businesses
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db

OPERATIONS = {
    declared["operationId"]: (method, path.removeprefix("/api/v1"), declared)
    for path, methods in openapi()["paths"].items()
    for method, declared in methods.items()
}
WITH_IDS = [name for name, (_, path, _) in OPERATIONS.items() if "{" in path]
SELLERS = ("Customers", "Licences", "Plans", "Usage")  # what alice calls; the rest is bob's
BUYERS = {"licenses_claim_create"}
NAMED_IN_BODIES = ["widgets_create", "licenses_assign_create", "licenses_transfer_create", "licenses_create"]


@pytest.fixture
def both() -> tuple[Business, Business]:
    return make_two_businesses()


def caller(name: str, business: Business) -> Api:
    return Api(business.reseller if _sells(name) else business.customer)


def _sells(name: str) -> bool:
    return OPERATIONS[name][2]["tags"][0] in SELLERS and name not in BUYERS


def body_of(name: str, business: Business) -> Any:
    """The described example, with ids that are there."""
    declared = OPERATIONS[name][2]
    if "requestBody" not in declared:
        return None
    ((example),) = declared["requestBody"]["content"]["application/json"]["examples"].values()
    own = {
        "licenses_assign_create": {"customer": business.shop.public_id},
        "licenses_create": {"plan": business.plan.code, "customer": business.shop.public_id},
        "licenses_claim_create": {"key": business.pooled.fresh_key.reveal()},
        "licenses_validate_create": {"license": business.license.public_id},
        "licenses_change_plan_create": {"plan": business.plan.code},
        "licenses_transfer_create": {"customer": _another_customer(business)},
        "licenses_reinstate_create": {},
        "webhooks_partial_update": {"enabled": True},
        "widgets_create": {"name": "Tea", "widget_type": "n8n", "license": business.license.public_id},
        "widgets_partial_update": {"name": "Tea"},
        "widgets_credentials_update": {"secret": json.dumps({"X-Key": "long enough"})},
        "widgets_publish_create": {"note": "Christmas"},
        "widgets_versions_restore_create": {},
        "widgets_test_create": {"connection": {"url": "https://n8n.invalid/webhook/x"}},
    }
    return own.get(name, example["value"])


def _another_customer(business: Business) -> str:
    seller = Api(business.reseller)
    return seller.post("/customers/", {"name": "Second shop"}).json()["id"]


def call(api: Api | Client, name: str, business: Business, ids: dict[str, str], body: Any = ...) -> Any:
    method, path, _ = OPERATIONS[name]
    if body is ...:
        body = body_of(name, business)
    headers = {"If_Match": "*", "Idempotency_Key": "k1"}
    return api.call(method, path.format(**ids), body, **headers)


def ids_for(name: str, business: Business) -> dict[str, str]:
    pooled = {"license_id": business.pooled.public_id} if name == "licenses_assign_create" else {}
    return business.ids() | pooled


@pytest.mark.parametrize("name", OPERATIONS)
def test_owner_is_answered_as_described(name, both):
    mine, _ = both
    if name == "licenses_reinstate_create":
        suspend_license(actor=None, license=mine.license, reason="", now=mine.license.created_at, level="reseller")

    response = call(caller(name, mine), name, mine, ids_for(name, mine))

    expected = next(iter(OPERATIONS[name][2]["responses"]))
    assert str(response.status_code) == expected, response.content
    assert response["Cache-Control"] == "no-store"
    assert {"X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(response.headers)


@pytest.mark.parametrize("name", WITH_IDS)
def test_what_is_anothers_is_as_absent_as_what_is_not_there(name, both):
    mine, theirs = both
    api, body = caller(name, mine), body_of(name, mine)
    told = AuditEvent.objects.count(), WebhookDelivery.objects.count()

    foreign = call(api, name, mine, ids_for(name, theirs), body)
    absent = call(api, name, mine, ABSENT, body)

    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert foreign.json() == {"error": {"code": "not_found", "message": "Not found."}}
    assert (AuditEvent.objects.count(), WebhookDelivery.objects.count()) == told


@pytest.mark.parametrize("name", NAMED_IN_BODIES)
def test_what_a_body_names_of_another_is_as_absent(name, both):
    mine, theirs = both
    api = caller(name, mine)
    field, foreign_id, absent_id = (
        ("license", theirs.license.public_id, "lic_0")
        if name == "widgets_create"
        else ("customer", theirs.shop.public_id, "org_0")
    )
    body = body_of(name, mine)

    method, path = OPERATIONS[name][0], OPERATIONS[name][1].format(**ids_for(name, mine))

    foreign = api.call(method, path, body | {field: foreign_id})
    absent = api.call(method, path, body | {field: absent_id})

    assert (foreign.status_code, foreign.content) == (404 if field == "license" else 400, absent.content)


@pytest.mark.parametrize("name", OPERATIONS)
def test_token_without_the_scope_is_refused(name):
    method, path, declared = OPERATIONS[name]
    kind = "reseller" if _sells(name) else "customer"
    membership = make_organization("Alice's", make_user("alice"), kind=kind).memberships.get()
    others = set(scopes_within(membership)) - set(declared["x-scopes"])

    response = Api(membership, *others).call(method, path.format(**ABSENT), {})

    assert (response.status_code, response.json()["error"]["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("name", OPERATIONS)
def test_nobody_is_refused(name):
    method, path, _ = OPERATIONS[name]

    response = Client().generic(method.upper(), f"/api/v1{path.format(**ABSENT)}")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["error"]["code"] == "not_authenticated"
