"""schemathesis over the description, for each role: no fault of ours, no status and no body that is not described.

`CHATDOCK_FUZZ=200` tries so many requests of each call instead of two.
"""

import os
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.permissions import ROLES_OF, Role
from accounts.services import add_member
from config.api_schema import openapi
from config.wsgi import application
from tests.api import Api, Business, make_business
from tests.build import make_organization, make_user

EXAMPLES = int(os.environ.get("CHATDOCK_FUZZ", "2"))
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120 + 10 * EXAMPLES)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LEFT_OUT = {"widgets_test_create"}  # calls whatever address it is given


def enter(business: Business, role: Role) -> Api:
    """As charlie, who has this role on the platform, at the reseller's or at the customer's."""
    charlie = make_user("charlie")
    if role in ROLES_OF["platform"]:
        organization = make_organization("Platform", kind="platform")
    else:
        organization = business.shop if role in ROLES_OF["customer"] else business.reseller.organization
    return Api(add_member(actor=None, organization=organization, user=charlie, role=role))


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A request through WSGI would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", Role)
def test_every_answer_is_one_that_is_described(role: Role, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | dict.fromkeys(("api", "claim"), (10**6, 60))
    business = make_business("Alice", make_user("alice"), make_user("bob"))
    api = enter(business, role)
    for cases in _strategies():
        _try(cases, api, business)


@cache
def _strategies() -> list[Any]:
    """What makes requests of each call: dear to build, and the same for every role."""
    found = [result.ok() for result in schemathesis.openapi.from_dict(openapi()).get_all_operations()]
    return [call.as_strategy() for call in found if call.definition.raw["operationId"] not in LEFT_OUT]


def _try(cases: Any, api: Api, business: Business) -> None:
    tried = count()

    @given(case=cases)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        if next(tried) % 2 == 0:
            _lead_to(business, case)
        with transaction.atomic():
            response = case.call(app=application, headers=api._headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    run()


def _lead_to(business: Business, case: Any) -> None:
    """To what is there: a random id only ever finds nothing."""
    ids = business.ids()
    case.path_parameters = {name: ids[name] for name in case.path_parameters}
    for name in ("organization", "cursor", "license", "customer"):
        case.query.pop(name, None)
    if isinstance(case.body, dict):
        there = {
            "customer": business.shop.public_id,
            "license": business.license.public_id,
            "plan": business.plan.code,
            "url": "https://hooks.example.com/x",
            "events": ["license.*"],
            "widget_type": "n8n",
        }
        case.body |= {name: value for name, value in there.items() if name in case.body}
