"""A reseller's customers over REST. Who is refused, config/test_api_calls.py tells."""

import pytest
from django.utils import timezone

from accounts.models import Organization
from licenses.services import (
    create_customer,
    create_reseller,
)
from tests.api import POOL
from tests.licenses.api.answers import refused

pytestmark = pytest.mark.django_db


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
