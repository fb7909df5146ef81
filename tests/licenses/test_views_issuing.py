import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from accounts.services import add_member
from licenses.entitlements import InvalidTerms
from licenses.keys import new_key
from licenses.models import License
from licenses.services import create_plan, find_by_key, issue_license
from tests.build import make_user
from tests.licenses.conftest import logged_in

pytestmark = pytest.mark.django_db
BASE = "/o/alices-agency/licenses/"


def sent(plan, /, **changes) -> dict[str, str]:
    return {"plan": plan.public_id, "customer": "", "count": "1", "once": "a-form"} | changes


def keys_of(response) -> list[tuple[str, ...]]:
    return response.context["rows"]


def test_into_the_pool_and_the_keys_are_shown_once_and_downloaded_once(as_alice, agency, plan):
    response = as_alice.post(f"{BASE}issue/", sent(plan, count="3"))
    assert (response.status_code, response.url) == (302, f"{BASE}keys/")
    shown = keys_of(as_alice.get(response.url))
    issued = License.objects.filter(issuer=agency, organization=None)
    assert {row[0] for row in shown} == {license.public_id for license in issued}
    assert [find_by_key(key, now=timezone.now()).public_id for *_, key in shown] == [row[0] for row in shown]
    assert keys_of(as_alice.get(response.url)) == []

    file = as_alice.post(f"{BASE}keys/file/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="licence-keys.csv"'
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows == [["licence", "plan", "customer", "key"], *map(list, shown)]
    assert as_alice.post(f"{BASE}keys/file/").status_code == 302


def test_keys_stand_nowhere_in_plain_text(as_alice, plan):
    as_alice.post(f"{BASE}issue/", sent(plan))
    kept = str(dict(as_alice.session))
    key = keys_of(as_alice.get(f"{BASE}keys/"))[0][3]
    assert key not in kept
    assert key not in str(list(AuditEvent.objects.values()))


def test_keys_are_gone_after_a_quarter_of_an_hour(as_alice, plan):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        as_alice.post(f"{BASE}issue/", sent(plan))
        clock.shift(901)
        assert keys_of(as_alice.get(f"{BASE}keys/")) == []


def test_form_that_is_sent_twice_issues_once(as_alice, plan):
    for _ in range(2):
        response = as_alice.post(f"{BASE}issue/", sent(plan))
    assert (response.url, License.objects.count()) == (BASE, 1)


def test_refused_form_may_be_sent_again(as_alice, plan):
    too_many = as_alice.post(f"{BASE}issue/", sent(plan, count="4"))
    assert (too_many.status_code, License.objects.count()) == (422, 0)
    assert "The pool is too small for this: licences, 3 in all." in too_many.content.decode()
    assert as_alice.post(f"{BASE}issue/", sent(plan, count="3")).status_code == 302


def test_to_a_customer_with_days_of_its_own(as_alice, shop, plan):
    assert as_alice.get(f"{BASE}issue/?customer=bobs-shop").context["form"]["customer"].value() == "bobs-shop"
    facts = {"customer": "bobs-shop", "starts": "2027-01-01", "ends": "2027-12-31"}
    as_alice.post(f"{BASE}issue/", sent(plan, **facts))
    license = License.objects.get()
    dates = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (license.starts_at, license.expires_at)]
    assert (license.organization, dates) == (shop, ["2027-01-01 00:00:00", "2027-12-31 23:59:59"])


def test_days_in_the_wrong_order_are_refused(as_alice, plan):
    response = as_alice.post(f"{BASE}issue/", sent(plan, starts="2027-02-01", ends="2027-01-31"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["ends"])


def test_first_day_is_of_the_centuries_that_licences_are_for(as_alice, plan):
    response = as_alice.post(f"{BASE}issue/", sent(plan, starts="9999-06-01", customer=""))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["starts"])
    with pytest.raises(InvalidTerms):
        issue_license(actor=None, plan=plan, starts_at=datetime(9999, 6, 1, tzinfo=UTC))


def test_keys_of_two_tabs_are_shown_together(as_alice, plan):
    for once in ("first", "second"):
        as_alice.post(f"{BASE}issue/", sent(plan, once=once))
    shown = [row[0] for row in keys_of(as_alice.get(f"{BASE}keys/"))]
    assert shown == list(License.objects.order_by("pk").values_list("public_id", flat=True))


def test_customers_and_plans_of_others_are_as_absent_as_none(as_alice, plan, stranger, shop):
    secret = create_plan(actor=None, code="secret", name="Secret", limits={}, features=[])
    for name, foreign in (("customer", stranger.slug), ("plan", secret.public_id)):
        texts = [
            as_alice.post(f"{BASE}issue/", sent(plan, **{name: value})).context["form"].errors.as_text()
            for value in (foreign, "none")
        ]
        assert texts[0].replace(foreign, "none") == texts[1] != ""
    assert License.objects.count() == 0


def test_platform_issues_out_of_a_resellers_pool_or_of_none(as_operator, agency, shop, elsewhere, plan):
    path = "/o/operations/licenses/issue/"
    facts = {"customer": "bobs-shop", "reseller": elsewhere.slug}
    assert "customer" in as_operator.post(path, sent(plan, **facts)).context["form"].errors
    as_operator.post(path, sent(plan, **facts | {"reseller": agency.slug}))
    as_operator.post(path, sent(plan, once="another"))
    assert list(License.objects.order_by("pk").values_list("issuer", "organization")) == [
        (agency.pk, shop.pk),
        (None, None),
    ]


def test_support_and_customers_issue_nothing(as_support, as_bob, plan):
    answers = [
        as_support.post(f"{BASE}issue/", sent(plan)),
        as_bob.post("/o/bobs-shop/licenses/issue/", sent(plan)),
        as_bob.post(f"{BASE}issue/", sent(plan)),
    ]
    assert ([answer.status_code for answer in answers], License.objects.count()) == ([403, 403, 404], 0)


def claim(client, key: str):
    return client.post("/o/bobs-shop/licenses/claim/", {"key": key})


def test_customer_claims_with_a_key(as_bob, alice, shop, plan):
    license = issue_license(actor=alice, plan=plan)
    response = claim(as_bob, license.fresh_key.reveal().lower().replace("-", " "))
    license.refresh_from_db()
    assert (response.url, license.organization) == (f"/o/bobs-shop/licenses/{license.public_id}/", shop)


def test_every_key_that_opens_nothing_gets_the_same_answer(as_bob, alice, charlie, plan, stranger, shop):
    keys = [
        issue_license(actor=charlie, plan=plan).fresh_key.reveal(),
        issue_license(actor=charlie, plan=plan, organization=stranger).fresh_key.reveal(),
        issue_license(actor=alice, plan=plan, organization=shop).fresh_key.reveal(),
        new_key().reveal(),
        "cdk_nonsense",
    ]
    answers = [claim(as_bob, key) for key in keys]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.context["form"].errors.as_text() for answer in answers}) == 1


def test_keys_are_not_guessed(as_bob, alice, plan):
    license = issue_license(actor=alice, plan=plan)
    for _ in range(10):
        assert claim(as_bob, new_key().reveal()).status_code == 422
    refused = claim(as_bob, license.fresh_key.reveal())
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert License.objects.get().organization is None


def test_only_owners_and_admins_of_customers_claim(as_alice, as_operator, as_bob, shop):
    editor = make_user("charlie-the-editor")
    add_member(actor=None, organization=shop, user=editor, role=Role.EDITOR)
    assert claim(logged_in(editor), "cdk_x").status_code == 403
    assert as_alice.get(f"{BASE}claim/").status_code == 403
    assert as_operator.get("/o/operations/licenses/claim/").status_code == 403
