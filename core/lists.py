"""Lists that are searched, filtered, sorted and paged by their address alone: they can be shared, and need no script.

    WIDGETS = List(
        nouns=("widget", "widgets"),
        columns=[Column("name", "Name", Lower("name")), Column("state", "State"), Column("seen", "Seen", "seen_at")],
        filters=[Filter("type", "Type", [("n8n", "n8n")], "widget_type")],  # a lookup, or f(rows, value) -> rows
        search=["name__icontains", "public_id"],  # lookups; one that holds is enough
        sort="name",  # or "-seen": the last one first
    )
    shown = WIDGETS.read(request.GET, Widget.objects.for_organization(request.organization))  # scope first, always
    render(request, "…/list.html", {"list": shown, "rows": [(widget, …) for widget in shown]})

Two queries, the count and the page; a third, the count of all, once something is searched or filtered.
In the template, all with `list`: parts/list_filters.html, then <table class="table">, parts/list_head.html, rows of
<td data-label="Name">, then parts/pages.html. On a telephone a row is a card that shows its data-labels; a cell without
one stands over its whole width. `list.total` 0: nothing there yet; `list.page.paginator.count` 0: nothing matches.
To act on many: pass `bulk=Bulk(path, [Action("publish", "Publish")])`, include parts/bulk.html before the table and
parts/pick.html with value=<public id> and name=… as the first cell of each row, load dashboard/bulk.js, and in the
POST view read `action` and `picked(request.POST, rows)`; lead back with `path + shown.here`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, Model, OrderBy, Q, QuerySet
from django.http import QueryDict

PAGE = 50
LONGEST = 200  # characters of a search
M = TypeVar("M", bound=Model)
Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True)
class Column:
    """Without `sort`, a field or an expression, the list cannot be sorted by it."""

    key: str
    label: str
    sort: str | Expression | None = None
    greatest_first: bool = False  # for times and numbers
    always_set: bool = False  # never NULL: then an ordinary index serves the sort

    def order(self, *, descending: bool) -> OrderBy:
        """Rows without a value come last either way, on every database."""
        value = self.sort if isinstance(self.sort, Expression) else F(self.sort or "pk")
        return OrderBy(value, descending=descending, nulls_last=None if self.always_set else True)


@dataclass(frozen=True, slots=True)
class Filter:
    """`choices` are (value in the address, label); any other value shows all."""

    key: str
    label: str
    choices: Sequence[tuple[str, str]]
    narrow: str | Callable[[Any, str], Any]

    def apply(self, rows: QuerySet[M], value: str) -> QuerySet[M]:
        if callable(self.narrow):
            narrowed: QuerySet[M] = self.narrow(rows, value)
            return narrowed
        return rows.filter(**{self.narrow: value})


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    link: str  # "" where it does not sort
    order: str  # of aria-sort; "" where the list is not sorted by it


@dataclass(frozen=True, slots=True)
class Action:
    value: str
    label: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done with the rows that are picked: a form that posts `action` and `pick` to `path`."""

    path: str
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class List:
    nouns: tuple[str, str]
    columns: Sequence[Column]
    sort: str
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()

    def read(self, params: QueryDict, rows: QuerySet[M]) -> "Shown[M]":
        query = params.get("q", "").replace("\0", "").strip()[:LONGEST] if self.search else ""
        chosen = {f.key: params.get(f.key, "") for f in self.filters if params.get(f.key, "") in dict(f.choices)}
        sort = params.get("sort", "")
        sort = sort if sort in dict(self.sorts()) else self.sort
        page = Paginator(self._ordered(self._narrowed(rows, query, chosen), sort), PAGE).get_page(params.get("page"))
        count = page.paginator.count
        return Shown(self, page, rows.count() if query or chosen else count, query, chosen, sort)

    def sorts(self) -> Iterator[tuple[str, str]]:
        """(value, label) of every order there is."""
        for column in self.columns:
            if column.sort is not None:
                yield column.key, f"{column.label}, ascending"
                yield f"-{column.key}", f"{column.label}, descending"

    def _narrowed(self, rows: QuerySet[M], query: str, chosen: Mapping[str, str]) -> QuerySet[M]:
        for known in self.filters:
            if known.key in chosen:
                rows = known.apply(rows, chosen[known.key])
        return rows.filter(reduce(or_, (Q(**{lookup: query}) for lookup in self.search))) if query else rows

    def _ordered(self, rows: QuerySet[M], sort: str) -> QuerySet[M]:
        descending = sort.startswith("-")
        column = next(column for column in self.columns if column.key == sort.removeprefix("-"))
        return rows.order_by(column.order(descending=descending), "-pk" if descending else "pk")


@dataclass(frozen=True, slots=True)
class Shown(Generic[M]):
    """One page of a list, and every address that leads on from it."""

    spec: List
    page: Page[M]
    total: int  # of all rows, whatever is searched and filtered
    query: str
    chosen: dict[str, str]
    sort: str

    def __iter__(self) -> Iterator[M]:
        return iter(self.page.object_list)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.chosen)

    @property
    def summary(self) -> str:
        """“3 of 12 widgets”."""
        all_of_them = f"{self.total:,} {self.spec.nouns[0 if self.total == 1 else 1]}"
        return f"{self.page.paginator.count:,} of {all_of_them}" if self.is_narrowed else all_of_them

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.spec.columns]

    @property
    def fields(self) -> list[tuple[Filter, str]]:
        """Every filter with what is chosen of it."""
        return [(known, self.chosen.get(known.key, "")) for known in self.spec.filters]

    @property
    def sorts(self) -> list[tuple[str, str]]:
        return list(self.spec.sorts())

    @property
    def here(self) -> str:
        return self._link(page=str(self.page.number))

    @property
    def previous(self) -> str:
        return self._link(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        return self._link(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    def _head(self, column: Column) -> Head:
        if column.sort is None:
            return Head(column.label, "", "")
        up, down = column.key, f"-{column.key}"
        turned = {up: down, down: up}.get(self.sort, down if column.greatest_first else up)
        return Head(column.label, self._link(sort=turned), {up: "ascending", down: "descending"}.get(self.sort, ""))

    def _link(self, **changes: str) -> str:
        """Another order begins on the first page."""
        facts = {"q": self.query, **self.chosen, "sort": self.sort} | changes
        ordinary = {"sort": self.spec.sort, "page": "1"}
        return "?" + urlencode({key: value for key, value in facts.items() if value and value != ordinary.get(key)})


def picked(sent: QueryDict, rows: Rows) -> Rows:
    """Those of `rows` whose public ids were picked; a foreign or unknown id picks nothing."""
    return rows.filter(public_id__in=[picked for picked in sent.getlist("pick")[:PAGE] if "\0" not in picked])
