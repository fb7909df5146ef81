"""A reseller's customers with what one wants to know of each, a page of them in a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Membership, Organization
from licenses.entitlements import UNLIMITED, Metric
from licenses.metering import used_of
from licenses.models import License
from licenses.states import State, derive
from licenses.wording import Meter, Words, in_words, meter


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer: Organization
    licenses: int  # not counting revoked ones
    words: Words | None  # of the licence that needs looking at most
    chats: Meter
    chats_used: int
    people: int


def customer_rows(customers: Sequence[Organization], now: datetime) -> list[CustomerRow]:
    """Three queries."""
    held: dict[int, list[License]] = defaultdict(list)
    for license in License.objects.with_facts().holding().filter(organization__in=customers):
        held[license.organization_id or 0].append(license)
    month = Metric.SESSIONS_MONTH
    used = used_of([license for licenses in held.values() for license in licenses], [month], now)
    people = _people(customers)
    rows = []
    for customer in customers:
        licenses = held[customer.pk]
        count = sum(used[license.pk, month] for license in licenses)
        rows.append(
            CustomerRow(
                customer=customer,
                licenses=len(licenses),
                words=worst(licenses, now),
                chats=_chats(licenses, count),
                chats_used=count,
                people=people.get(customer.pk, 0),
            )
        )
    return rows


def reseller_rows(resellers: Sequence[Organization]) -> list[tuple[Organization, int, int]]:
    """(reseller, customers, licences that are not revoked). Two queries."""
    customers = Organization.objects.filter(parent__in=resellers).order_by().values_list("parent")
    licenses = License.objects.holding().filter(issuer__in=resellers).order_by().values_list("issuer")
    customer_counts, license_counts = (dict(rows.annotate(Count("pk"))) for rows in (customers, licenses))
    return [(org, customer_counts.get(org.pk, 0), license_counts.get(org.pk, 0)) for org in resellers]


def worst(licenses: Sequence[License], now: datetime) -> Words | None:
    """Of the licence that needs looking at first: State is in that order."""
    order = list(State)
    ranked = sorted(licenses, key=lambda license: order.index(derive(license.facts(), now)))
    return in_words(ranked[0], now) if ranked else None


def sites_seen(customer: Organization) -> int:
    """Websites on which one of its widgets was loaded. The rows are on a floor above; the relation leads there."""
    sites = License.objects.for_organization(customer).aggregate(
        count=Count("widgets__sightings__origin", distinct=True, filter=Q(widgets__deleted_at=None))
    )
    return int(sites["count"])


def _people(customers: Sequence[Organization]) -> dict[int, int]:
    counted = Membership.objects.filter(organization__in=customers).order_by().values_list("organization")
    return dict(counted.annotate(Count("pk")))


def _chats(licenses: Sequence[License], count: int) -> Meter:
    limits = [license.limit(Metric.SESSIONS_MONTH) for license in licenses]
    return meter("Chats this month", count, UNLIMITED if UNLIMITED in limits else sum(limits))
