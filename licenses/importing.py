"""Customers, and a licence each if wanted, out of a CSV file: checked as a whole, then taken as a whole.

A customer whose reference is there already is left as it is, so that the same file can be taken twice.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from accounts.models import Organization
from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of
from licenses.forms.fields import FIRST_DAY, LAST_DAY, first_moment, last_moment
from licenses.models import License, Plan
from licenses.pool import within_pool
from licenses.reach import customers_within, plans_within
from licenses.services.common import LAST_YEAR, require_plan
from licenses.services.issuing import new_license
from licenses.services.resellers import new_customer

COLUMNS: Final = ("reference", "name", "plan", "starts", "ends")
MOST_ROWS: Final = 1000
MOST_BYTES: Final = 512 * 1024
_LONGEST: Final = {"reference": 80, "name": 120}


@dataclass(frozen=True, slots=True)
class Problem:
    line: int  # of the file, the head is 1
    column: str  # "" for the line as a whole
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    line: int
    reference: str
    name: str
    plan: Plan | None  # None: no licence
    starts: date | None
    ends: date | None
    is_known: bool  # its reference is there already


@dataclass(frozen=True, slots=True)
class Checked:
    entries: Sequence[Entry]
    problems: Sequence[Problem]

    @property
    def new(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_known]

    @property
    def licenses(self) -> int:
        return sum(entry.plan is not None for entry in self.new)


class _Unreadable(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def check(text: str, *, reseller: Organization) -> Checked:
    """Every line against the plans and customers of this reseller. Nothing is changed."""
    try:
        return _check(list(_rows(text)), reseller)
    except _Unreadable as error:
        return Checked([], [Problem(error.line, "", "A quotation mark is not closed, or stands within a cell.")])


def _check(lines: Sequence[tuple[int, list[str]]], reseller: Organization) -> Checked:
    head = [name.strip().lower() for name in lines[0][1]] if lines else []
    if problem := _head_problem(head):
        return Checked([], [Problem(1, "", problem)])
    if len(lines) - 1 > MOST_ROWS:
        return Checked([], [Problem(MOST_ROWS + 2, "", f"At most {MOST_ROWS:,} customers at once. Split the file.")])
    rows = [(line, dict(zip(head, cells, strict=False)), len(cells) > len(head)) for line, cells in lines[1:]]
    references = [row.get("reference", "").replace("\0", "") for _, row, _ in rows]  # PostgreSQL takes no NUL
    known = set(customers_within(reseller).filter(reference__in=references).values_list("reference", flat=True))
    plans = {plan.code: plan for plan in plans_within(reseller).newest()}
    entries: list[Entry] = []
    problems: list[Problem] = []
    first_line: dict[str, int] = {}
    for line, row, is_too_long in rows:
        found = list(_problems(line, row, plans, first_line))
        found += [Problem(line, "", "There are more cells than columns. Put commas in quotes.")] if is_too_long else []
        problems += found
        if not found:
            entries.append(_entry(line, row, plans, known))
    return Checked(entries, problems)


@transaction.atomic
def import_customers(*, actor: Actor, reseller: Organization, entries: Sequence[Entry], now: datetime) -> list[License]:
    """All that are new, with their licences (keys in `fresh_key`), or none. Raises InvalidReference, NotAllowed,
    PlanNotAllowed, PoolExceeded."""
    authority = authority_of(actor)
    authority.require(Deed.ADD_CUSTOMER)
    authority.require(Deed.ISSUE)
    if authority.level == authority.level.RESELLER and authority.organization != reseller:
        raise NotAllowed("You act for another reseller.")
    licenses: list[License] = []
    with within_pool(reseller, now=now) as account:
        for entry in (entry for entry in entries if not entry.is_known):
            customer = new_customer(authority, reseller=reseller, name=entry.name, reference=entry.reference)
            if entry.plan:
                require_plan(account, authority, entry.plan.code)
                licenses.append(_license(authority, entry, customer, reseller, now))
    return licenses


def _license(
    authority: Authority, entry: Entry, customer: Organization, reseller: Organization, now: datetime
) -> License:
    return new_license(
        authority,
        plan=entry.plan,
        organization=customer,
        issuer=reseller,
        starts_at=first_moment(entry.starts),
        expires_at=last_moment(entry.ends),
        created_at=now,
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells); empty lines are left out. Semicolons are what some spreadsheets write. Raises _Unreadable."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [_unquoted(cell.strip()) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise _Unreadable(begins) from None


def _unquoted(cell: str) -> str:
    """An export of ours puts an apostrophe before what a spreadsheet would take for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _head_problem(head: Sequence[str]) -> str:
    missing = [name for name in ("reference", "name") if name not in head]
    unknown = [name for name in head if name not in COLUMNS]
    if missing:
        return f"The first line names the columns. Missing: {', '.join(missing)}."
    if unknown or len(set(head)) < len(head):
        return f"Each column stands there once and is one of {', '.join(COLUMNS)}."
    return ""


def _problems(
    line: int, row: Mapping[str, str], plans: Mapping[str, Plan], first_line: dict[str, int]
) -> Iterator[Problem]:
    for column, longest in _LONGEST.items():
        value = row.get(column, "")
        if not value:
            yield Problem(line, column, "It is empty.")
        elif len(value) > longest:
            yield Problem(line, column, f"At most {longest} characters.")
        elif "\0" in value:
            yield Problem(line, column, "It has a character that cannot be stored.")
    if (reference := row.get("reference", "")) and first_line.setdefault(reference, line) != line:
        yield Problem(line, "reference", f"It stands in line {first_line[reference]} already.")
    yield from _license_problems(line, row, plans)


def _license_problems(line: int, row: Mapping[str, str], plans: Mapping[str, Plan]) -> Iterator[Problem]:
    plan, days = row.get("plan", ""), {name: row.get(name, "") for name in ("starts", "ends")}
    if plan and plan not in plans:
        yield Problem(line, "plan", f"Not one of your plans. They are: {', '.join(sorted(plans)) or 'none'}.")
    for column, value in days.items():
        if value and _day(value) is None:
            yield Problem(line, column, f"Write a day as 2027-01-31, from 2000 to {LAST_YEAR}.")
        elif value and not plan:
            yield Problem(line, column, "A day without a plan: no licence is made.")
    starts, ends = map(_day, days.values())
    if starts and ends and ends < starts:
        yield Problem(line, "ends", "The last day comes after the first.")


def _entry(line: int, row: Mapping[str, str], plans: Mapping[str, Plan], known: set[str]) -> Entry:
    return Entry(
        line=line,
        reference=row["reference"],
        name=row["name"],
        plan=plans.get(row.get("plan", "")),
        starts=_day(row.get("starts", "")),
        ends=_day(row.get("ends", "")),
        is_known=row["reference"] in known,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
