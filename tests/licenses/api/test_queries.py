"""The lists of the REST API, by their queries."""

import pytest
from django.utils import timezone

from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.services import (
    add_domains,
    create_customer,
    issue_license,
)
from tests.api import make_plan_with_api

pytestmark = pytest.mark.django_db


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
