"""A licence's domains over REST."""

import pytest

from accounts.models import AuditEvent
from licenses.services import (
    issue_license,
)
from tests.licenses.api.answers import refused

pytestmark = pytest.mark.django_db


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
