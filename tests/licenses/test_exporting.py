import csv
import io

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from licenses.entitlements import Metric
from licenses.metering import take
from licenses.services import create_customer, issue_license
from licenses.views import exporting

pytestmark = pytest.mark.django_db
BASE = "/o/alices-agency/"


def rows_of(response) -> list[list[str]]:
    async def read() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(async_to_sync(read)().decode("utf-8-sig"))))


def test_customers_come_with_cells_that_are_no_formulas(as_alice, agency, shop, stranger, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 1)
    create_customer(actor=None, reseller=agency, name="=HYPERLINK(1)", reference="-7")
    head, *rows = rows_of(as_alice.get(f"{BASE}customers/customers.csv"))
    assert head[:3] == ["customer", "name", "reference"]
    assert [row[1:6] for row in rows] == [["Bob's shop", "", "0", "0", "0"], ["'=HYPERLINK(1)", "'-7", "0", "0", "0"]]


def test_licences_and_their_use(as_alice, alice, charlie, shop, plan, stranger):
    held, unheld = issue_license(actor=alice, plan=plan, organization=shop), issue_license(actor=alice, plan=plan)
    issue_license(actor=charlie, plan=plan, organization=stranger)
    take(
        license_id=held.pk,
        organization_id=shop.pk,
        anchor_day=held.anchor_day,
        limits={Metric.SESSIONS_MONTH: -1},
        now=timezone.now(),
    )
    _, *licenses = rows_of(as_alice.get(f"{BASE}licenses/licences.csv"))
    assert [(row[0], row[2], row[6]) for row in licenses] == [
        (held.public_id, "Bob's shop", "active"),
        (unheld.public_id, "", "pool"),
    ]
    _, *usage = rows_of(as_alice.get(f"{BASE}licenses/usage.csv"))
    assert [(row[4], row[6], row[7]) for row in usage if row[0] == held.public_id] == [
        ("sessions_day", "0", "10"),
        ("sessions_month", "1", "100"),
        ("messages_month", "0", "none"),
    ]


def test_customer_exports_its_own_licences_alone(as_bob, alice, charlie, shop, plan, stranger):
    own = issue_license(actor=alice, plan=plan, organization=shop)
    issue_license(actor=charlie, plan=plan, organization=stranger)
    _, *rows = rows_of(as_bob.get("/o/bobs-shop/licenses/licences.csv"))
    assert [row[0] for row in rows] == [own.public_id]
    assert as_bob.get(f"{BASE}licenses/licences.csv").status_code == 404
