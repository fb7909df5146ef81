"""The REST API as a machine calls it, and a business to call it about: alice's and bob's, and charlie's beside it."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.apitokens import create_token, scopes_within
from accounts.models import Membership, Organization, User, WebhookDelivery, WebhookEndpoint
from accounts.permissions import Role
from accounts.services import add_member
from accounts.webhooks import create_endpoint, emit
from licenses.domains import parse_rule
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.models import License, Plan
from licenses.services import add_domains, create_customer, create_plan, create_reseller, issue_license
from tests.build import make_user, make_widget
from widgets.models import Widget

POOL = dict.fromkeys(("customers", "licenses", "widgets", "domains", "sessions_month"), UNLIMITED)
LIMITS = dict.fromkeys([metric.value for metric in Metric], UNLIMITED)


class Api:
    """Calls with a token of this member: with these scopes, or with all that the role covers."""

    def __init__(self, membership: Membership, *scopes: str, **facts: Any) -> None:
        given = scopes or tuple(scopes_within(membership))
        token, text = create_token(membership=membership, name="CI", scopes=given, now=timezone.now(), **facts)
        self.token, self.organization, self.member = token, membership.organization, membership
        self._headers = {"Authorization": f"Bearer {text.reveal()}"}
        self._client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`headers` by their names with _ for -; the path without /api/v1."""
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self._client.generic(method.upper(), f"/api/v1{path}", headers=sent, **data)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)


@dataclass
class Business:
    """A reseller and its customer, with one of everything."""

    reseller: Membership
    customer: Membership
    license: License
    pooled: License
    widget: Widget
    endpoint: WebhookEndpoint
    delivery: WebhookDelivery
    plan: Plan

    @property
    def shop(self) -> Organization:
        return self.customer.organization

    def ids(self) -> dict[str, str]:
        """What stands in the addresses of calls about this business."""
        return {
            "customer_id": self.shop.public_id,
            "delivery_id": self.delivery.public_id,
            "domain": "shop.test",
            "endpoint_id": self.endpoint.public_id,
            "kind": "n8n_auth",
            "license_id": self.license.public_id,
            "number": "1",
            "plan_id": self.plan.public_id,
            "widget_id": self.widget.public_id,
        }


ABSENT = {
    "customer_id": "org_0",
    "delivery_id": "msg_0",
    "domain": "absent.test",
    "endpoint_id": "whe_0",
    "kind": "n8n_auth",
    "license_id": "lic_0",
    "number": "9",
    "plan_id": "pln_0",
    "widget_id": "wgt_0",
}


def make_business(name: str, seller: User, buyer: User, *, plan: str = "basic") -> Business:
    terms = make_plan_with_api(plan)
    agency = create_reseller(actor=None, name=f"{name}'s agency", plan_codes=[plan], pool=POOL).organization
    shop = create_customer(actor=None, reseller=agency, name=f"{name}'s shop")
    license = issue_license(actor=None, plan=terms, organization=shop, issuer=agency)
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    endpoint, _ = create_endpoint(
        actor=None, organization=shop, url="https://hooks.example.com/x", events=["license.*", "widget.*"]
    )
    (delivery,) = emit(organization=shop, type="license.renewed", data={})
    return Business(
        reseller=add_member(actor=None, organization=agency, user=seller, role=Role.RESELLER_OWNER),
        customer=add_member(actor=None, organization=shop, user=buyer, role=Role.OWNER),
        license=license,
        pooled=issue_license(actor=None, plan=terms, issuer=agency),
        widget=make_widget(license),
        endpoint=endpoint,
        delivery=delivery,
        plan=terms,
    )


def make_plan_with_api(code: str = "basic") -> Plan:
    features = [feature.value for feature in Feature]
    return create_plan(actor=None, code=code, name="Basic", limits=LIMITS, features=features, duration_days=365)


def make_two_businesses() -> tuple[Business, Business]:
    """Alice sells and bob buys; charlie does both, elsewhere."""
    charlie = make_user("charlie")
    theirs = make_business("Charlie", charlie, charlie, plan="other")
    return make_business("Alice", make_user("alice"), make_user("bob")), theirs
