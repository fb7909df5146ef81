"""Usage over REST, and whether a licence is valid."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.services import (
    add_domains,
    issue_license,
)
from tests.build import make_organization
from tests.licenses.api.answers import refused

pytestmark = pytest.mark.django_db


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
