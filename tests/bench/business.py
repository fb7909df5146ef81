"""The sellers' pages over 10,000 licences, asked in this process: prints what each takes as JSON.

`python -m tests.bench.business TIMES`, with the product's environment and a migrated database.
"""

import json
import re
import sys
import time
from datetime import timedelta
from statistics import median

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

django.setup()  # first: what follows needs the apps

from accounts.models import Organization  # noqa: E402
from licenses.entitlements import Metric  # noqa: E402
from licenses.metering import period_start  # noqa: E402
from licenses.models import License, Plan, UsageCounter  # noqa: E402
from licenses.services import create_plan, create_reseller  # noqa: E402
from tests.build import make_organization, make_user  # noqa: E402

LICENSES, CUSTOMERS, SHARE = 10_000, 1_000, 9  # of ten licences, how many are the one reseller's
POOL = dict.fromkeys(("customers", "licenses", "widgets", "domains", "sessions_month"), -1)
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LARGE = "licenses_license|licenses_usagecounter|accounts_organization|accounts_auditevent"
READ_WHOLE = re.compile(rf"Seq Scan on ({LARGE})\b")


def main(times: int) -> None:
    reseller = make_rows()
    alice, bob = make_user("seller-1"), make_user("seller-2")
    add(alice, reseller, "reseller_owner")
    add(bob, make_organization("Bench operations", kind="platform"), "platform_admin")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    license = License.objects.filter(issuer=reseller, organization__isnull=False).latest("pk")
    mine, all_of_them = f"/o/{reseller.slug}", "/o/bench-operations"
    pages = [
        ("reseller: licences", alice, f"{mine}/licenses/"),
        ("reseller: licences, searched", alice, f"{mine}/licenses/?q=customer-77&state=active"),
        ("reseller: last page", alice, f"{mine}/licenses/?page=999"),
        ("reseller: customers", alice, f"{mine}/customers/"),
        ("reseller: pool", alice, f"{mine}/pool/"),
        ("reseller: one licence", alice, f"{mine}/licenses/{license.public_id}/"),
        ("platform: licences", bob, f"{all_of_them}/licenses/"),
        ("platform: plans", bob, f"{all_of_them}/plans/"),
    ]
    storages = django.conf.settings.STORAGES | PLAIN
    with override_settings(ALLOWED_HOSTS=["*"], STORAGES=storages, SECURE_SSL_REDIRECT=False):
        print(json.dumps([measured(what, user, path, times) for what, user, path in pages]))


def make_rows() -> Organization:
    plan = create_plan(actor=None, code="bench", name="Bench", limits={m.value: 100 for m in Metric}, features=[])
    sellers = [
        create_reseller(actor=None, name=name, plan_codes=["bench"], pool=POOL).organization
        for name in ("Bench reseller", "Another reseller")
    ]
    customers = Organization.objects.bulk_create(
        Organization(name=f"Customer {n}", slug=f"customer-{n}", parent=sellers[n % 10 >= SHARE])
        for n in range(CUSTOMERS)
    )
    licenses = License.objects.bulk_create(make_license(n, plan, customers) for n in range(LICENSES))
    day, now = Metric.SESSIONS_MONTH, timezone.now()
    UsageCounter.objects.bulk_create(
        UsageCounter(
            organization_id=lic.organization_id,
            license=lic,
            metric=day,
            period_start=period_start(day, now, lic.anchor_day),
            used=lic.pk % 100,
        )
        for lic in licenses
        if lic.organization_id
    )
    return sellers[0]


def make_license(n: int, plan: Plan, customers: list[Organization]) -> License:
    holder, now = customers[n % CUSTOMERS], timezone.now()
    return License(
        plan=plan,
        organization=None if n % 50 == 0 else holder,
        issuer=holder.parent,
        expires_at=now + timedelta(days=n % 700 - 100),
        suspended_at=now if n % 40 == 0 else None,
        created_at=now - timedelta(minutes=n),
        reserved_widgets=100,
        reserved_domains=100,
        reserved_sessions_month=100,
    )


def add(user, organization: Organization, role: str) -> None:
    organization.memberships.create(user=user, role=role)


def measured(what: str, user, path: str, times: int) -> dict[str, object]:
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, secure=True)
    queries = [query["sql"] for query in captured]  # the next request clears the log
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    took = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(path, secure=True)
        took.append((time.perf_counter() - start) * 1e3)
    whole = sorted({table for query in queries for table in read_whole(query)})
    return {"what": what, "p50": median(took), "most": max(took), "queries": len(queries), "whole": whole}


def read_whole(sql: str) -> list[str]:
    """Large tables that PostgreSQL reads from the first row to the last for this."""
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}".replace("%", "%%"), [])
        return [table for (line,) in cursor.fetchall() for table in READ_WHOLE.findall(line)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
