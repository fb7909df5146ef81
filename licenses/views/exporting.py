"""Customers, licences and their use as CSV, read in batches while they are sent."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.models import Organization
from accounts.permissions import Permission
from core.csvfile import Batch, Cell, csv_stream
from licenses.customers import customer_rows
from licenses.metering import period_start, used_of
from licenses.models import License
from licenses.reach import customers_within, licenses_within
from licenses.states import derive
from licenses.wording import METERS, limit_words

BATCH = 500
M = TypeVar("M", bound=Model)
Line = tuple[Cell, ...]
_CUSTOMER = ("customer", "name", "reference", "licences", "chats_this_month", "people", "since")
_LICENSE = ("licence", "customer", "name", "reference", "plan", "plan_version", "state", "starts", "ends", "key_last4")
_USAGE = ("licence", "customer", "name", "reference", "metric", "since", "used", "limit")


@require_safe
@organization_view(Permission.CUSTOMER_READ)
def customers_csv(request: OrganizationRequest) -> StreamingHttpResponse:
    return csv_stream("customers", _CUSTOMER, _reader(customers_within(request.organization), _customer_lines))


@require_safe
@organization_view(Permission.LICENSE_READ)
def licenses_csv(request: OrganizationRequest) -> StreamingHttpResponse:
    licenses = licenses_within(request.organization).with_facts()
    return csv_stream("licences", _LICENSE, _reader(licenses, _license_lines))


@require_safe
@organization_view(Permission.LICENSE_READ)
def usage_csv(request: OrganizationRequest) -> StreamingHttpResponse:
    licenses = licenses_within(request.organization).holding().with_facts()
    return csv_stream("usage", _USAGE, _reader(licenses, _usage_lines))


def _reader(rows: QuerySet[M], lines: Callable[[list[M], datetime], Iterator[Line]]) -> Callable[[int], Batch]:
    now = timezone.now()

    def read(after: int) -> Batch:
        page = list(rows.filter(pk__gt=after).order_by("pk")[:BATCH])
        return list(lines(page, now)), page[-1].pk if len(page) == BATCH else None

    return read


def _customer_lines(customers: list[Organization], now: datetime) -> Iterator[Line]:
    for row in customer_rows(customers, now):
        of = row.customer
        yield of.public_id, of.name, of.reference, row.licenses, row.chats_used, row.people, _day(of.created_at)


def _license_lines(licenses: list[License], now: datetime) -> Iterator[Line]:
    for license in licenses:
        terms = license.plan.code, license.plan.version, derive(license.facts(), now).value
        dates = _day(license.starts_at), _day(license.expires_at)
        yield license.public_id, *_holder(license), *terms, *dates, license.key_last4


def _usage_lines(licenses: list[License], now: datetime) -> Iterator[Line]:
    used = used_of(licenses, METERS, now)
    for license in licenses:
        for metric in METERS:
            since = period_start(metric, now, license.anchor_day).isoformat()
            count = used[license.pk, metric]
            yield license.public_id, *_holder(license), metric.value, since, count, limit_words(license.limit(metric))


def _holder(license: License) -> Line:
    holder = license.organization
    return (holder.public_id, holder.name, holder.reference) if holder else ("", "", "")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
