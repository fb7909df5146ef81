"""Every code the validation can answer, and that the earlier one wins."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.services import suspend_organization
from core.codes import Code
from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.keys import new_key
from licenses.metering import take
from licenses.models import License
from licenses.services import (
    add_domains,
    issue_license,
    remove_domain,
    revoke_license,
    rotate_key,
    set_overrides,
    suspend_license,
)
from licenses.validation import Question, Verdict, validate_key, validate_license

pytestmark = pytest.mark.django_db
ALL = Question(domain="shop.test", feature="n8n", widget_type="n8n")


@pytest.fixture
def license(shop, plan, agency, now) -> License:
    plan.limits |= {"messages_month": 50}
    plan.save()
    license = issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    return license


def ask(license: License, now: datetime, **changes: str | None) -> Verdict:
    stored = License.objects.with_facts().get(pk=license.pk)
    return validate_license(stored, replace(ALL, **changes), now=now)


def spend(license: License, metric: Metric, count: int, now: datetime) -> None:
    account = {"license_id": license.pk, "organization_id": license.organization_id}
    for _ in range(count):
        take(**account, anchor_day=license.anchor_day, limits={metric: license.limit(metric)}, now=now)


def test_good_licence_is_valid(license, now):
    assert ask(license, now) == Verdict(
        valid=True,
        code="valid",
        license=license.public_id,
        state="active",
        expires_at=license.expires_at,
        valid_until=license.expires_at + timedelta(days=7),
    )


def test_nothing_more_is_asked_than_what_is_named(license, now):
    assert validate_license(license, Question(), now=now).valid


# What goes wrong, in the order of precedence: name, code, how it comes about.
def _revoke(license, now):
    revoke_license(actor=None, license=license, reason="test", now=now)


def _suspend_reseller(license, now):
    suspend_organization(actor=None, organization=license.issuer, now=now)


def _suspend(license, now):
    suspend_license(actor=None, license=license, reason="test", now=now)


def _unassign(license, now):
    license.domain_rules.all().delete()
    license.usage_counters.all().delete()
    license.quota_warnings.all().delete()
    License.objects.filter(pk=license.pk).update(organization=None)


def _not_yet(license, now):
    License.objects.filter(pk=license.pk).update(starts_at=now + timedelta(days=1), created_at=now)


def _expire(license, now):
    License.objects.filter(pk=license.pk).update(starts_at=None, expires_at=now - timedelta(days=8))


def _take_feature(license, now):
    set_overrides(actor=None, license=license, features_removed=["n8n"])


def _take_domains(license, now):
    for rule in license.domain_rules.all():
        remove_domain(actor=None, rule=rule)


def _spend_all(license, now):
    spend(license, Metric.SESSIONS_DAY, 10, now)


FAULTS = [
    (Code.LICENSE_REVOKED, _revoke),
    (Code.ORGANIZATION_SUSPENDED, _suspend_reseller),
    (Code.LICENSE_SUSPENDED, _suspend),
    (Code.LICENSE_NOT_STARTED, _not_yet),
    (Code.LICENSE_EXPIRED, _expire),
    (Code.ENTITLEMENT_MISSING, _take_feature),
    (Code.DOMAIN_LIST_EMPTY, _take_domains),
    (Code.QUOTA_EXCEEDED, _spend_all),
]
EXCLUSIVE = {(Code.LICENSE_NOT_STARTED, Code.LICENSE_EXPIRED)}  # both are about the dates, which can only be one


@pytest.mark.parametrize(("code", "fault"), FAULTS, ids=[code for code, _ in FAULTS])
def test_code_of_each_fault(license, now, code, fault):
    fault(license, now)

    verdict = ask(license, now)

    assert (verdict.valid, verdict.code, verdict.warnings) == (False, code, ())


PAIRS = [pair for pair in itertools.combinations(FAULTS, 2) if (pair[0][0], pair[1][0]) not in EXCLUSIVE]


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[f"{a[0]}-{b[0]}" for a, b in PAIRS])
def test_earlier_code_wins(license, now, first, second):
    second[1](license, now)
    first[1](license, now)

    assert ask(license, now).code == first[0]


@pytest.mark.parametrize("later", [_expire, _take_feature, _spend_all])
def test_unassigned_licence(license, now, later):
    later(license, now)
    _unassign(license, now)

    assert ask(license, now).code == Code.LICENSE_UNASSIGNED


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("shop.test", "valid"),
        ("SHOP.test", "valid"),
        ("https://shop.test", "valid"),
        ("https://shop.test:443", "valid"),
        ("other.test", Code.DOMAIN_NOT_ALLOWED),
        ("www.shop.test", Code.DOMAIN_NOT_ALLOWED),
        ("shop.test:8443", Code.DOMAIN_NOT_ALLOWED),
        ("http://shop.test", Code.ORIGIN_INSECURE),
        ("shop.test.", Code.ORIGIN_TRAILING_DOT),
        ("", Code.ORIGIN_MISSING),
        ("https://shop.test/path", Code.ORIGIN_MALFORMED),
        ("shop test", Code.ORIGIN_MALFORMED),
        ("app://localhost", Code.ORIGIN_OPAQUE),
    ],
)
def test_domain(license, now, domain, code):
    assert ask(license, now, domain=domain).code == code


@pytest.mark.parametrize(
    ("feature", "widget_type", "granted"),
    [
        ("n8n", "n8n", True),
        (None, None, True),
        ("api", None, False),
        (None, "chatkit", False),
        ("fax", None, False),
        (None, "fax", False),
        (None, "api", False),
        ("N8N", None, False),
        ("", None, False),
    ],
)
def test_entitlement(license, now, feature, widget_type, granted):
    verdict = ask(license, now, feature=feature, widget_type=widget_type)

    assert verdict.code == ("valid" if granted else Code.ENTITLEMENT_MISSING)


def test_features_of_a_licence_do_not_make_widget_types(license, now):
    set_overrides(actor=None, license=license, features_added=["api"])

    assert ask(license, now, widget_type="api").code == Code.ENTITLEMENT_MISSING
    assert ask(license, now, feature="api").valid


def test_quota_tells_when_it_begins_anew(license, now):
    spend(license, Metric.SESSIONS_DAY, 10, now)

    assert ask(license, now).resets_at == datetime(2026, 11, 21, tzinfo=UTC)
    set_overrides(actor=None, license=license, limits={"sessions_month": 10})
    spend(license, Metric.SESSIONS_MONTH, 10, now)
    assert ask(license, now).resets_at == datetime(2026, 12, 20, tzinfo=UTC)


def test_messages_count_for_n8n_widgets(license, now):
    spend(license, Metric.MESSAGES_MONTH, 50, now)

    assert ask(license, now).code == Code.QUOTA_EXCEEDED
    assert ask(license, now, widget_type=None).valid


def test_warnings(license, now):
    spend(license, Metric.SESSIONS_DAY, 7, now)
    assert ask(license, now).warnings == ()
    spend(license, Metric.SESSIONS_DAY, 1, now)
    assert ask(license, now).warnings == ("quota_soft:sessions_day",)
    assert ask(license, license.expires_at - timedelta(days=1)).warnings == ("license_expiring",)
    assert ask(license, license.expires_at).warnings == ("license_in_grace",)


def test_key_leads_to_its_licence_and_an_old_one_warns(license, now):
    old = rotate_key(actor=None, license=license, now=now).fresh_key.reveal()
    new = rotate_key(actor=None, license=license, now=now).fresh_key.reveal()

    assert validate_key(new, ALL, now=now).warnings == ()
    assert validate_key(old, ALL, now=now).warnings == ("former_key",)
    assert validate_key(old, ALL, now=now).license == license.public_id
    assert validate_key(old, ALL, now=now + timedelta(days=2)) == Verdict(False, Code.NOT_FOUND)


@pytest.mark.parametrize("key", ["", "cdk_x", new_key().reveal()], ids=["none", "malformed", "unknown"])
def test_unknown_key_and_foreign_licence_are_alike(key, now):
    assert validate_key(key, ALL, now=now) == validate_license(None, ALL, now=now) == Verdict(False, Code.NOT_FOUND)


def test_verdict_is_plain_json(license, now):
    assert ask(license, now).as_json() == {
        "valid": True,
        "code": "valid",
        "license": license.public_id,
        "state": "active",
        "warnings": (),
        "expires_at": license.expires_at.isoformat(),
        "valid_until": (license.expires_at + timedelta(days=7)).isoformat(),
        "resets_at": None,
    }
