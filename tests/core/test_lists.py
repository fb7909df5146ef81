from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict

from accounts.models import Organization
from core import lists
from core.lists import Column, Filter, List, picked

pytestmark = pytest.mark.django_db
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def suspended(rows: QuerySet[Organization], value: str) -> QuerySet[Organization]:
    return rows.filter(suspended_at__isnull=value == "no")


LIST = List(
    nouns=("organization", "organizations"),
    columns=[
        Column("name", "Name", Lower("name")),
        Column("kind", "Kind"),
        Column("since", "Suspended", "suspended_at", greatest_first=True),
    ],
    filters=[
        Filter("kind", "Kind", Organization.Kind.choices, "kind"),
        Filter("stopped", "Suspended", [("yes", "Yes"), ("no", "No")], suspended),
    ],
    search=["name__icontains", "public_id"],
    sort="name",
)


def make(name: str, **facts) -> Organization:
    return Organization.objects.create(name=name, slug=f"o{Organization.objects.count()}", **facts)


def read(address: str = ""):
    return LIST.read(QueryDict(address), Organization.objects.all())


def names(address: str = "") -> list[str]:
    return [row.name for row in read(address)]


def test_rows_are_sorted_either_way_and_those_without_a_value_come_last():
    for name, at in (("b", LATE), ("A", None), ("c", EARLY)):
        make(name, suspended_at=at)
    assert [names(), names("sort=-name")] == [["A", "b", "c"], ["c", "b", "A"]]
    assert [names("sort=since"), names("sort=-since")] == [["c", "b", "A"], ["b", "c", "A"]]


def test_equal_rows_keep_their_order():
    first, second, third = make("same"), make("same"), make("same")
    assert list(read()) == [first, second, third]
    assert list(read("sort=-name")) == [third, second, first]


def test_search_and_filters_narrow_together():
    make("Tea", kind="reseller", suspended_at=LATE)
    make("Tea house")
    coffee = make("Coffee")
    assert names("q=TEA") == ["Tea", "Tea house"]
    assert names(f"q={coffee.public_id}") == ["Coffee"]
    assert names("q=tea&kind=reseller&stopped=yes") == ["Tea"]
    assert [read("q=tea").summary, read().summary] == ["2 of 3 organizations", "3 organizations"]


def test_summary_of_one():
    make("Tea")
    assert [read().summary, read("q=x").summary] == ["1 organization", "0 of 1 organization"]


@pytest.mark.parametrize("wrong", ["kind=alien", "sort=kind", "sort=--name", "page=99", "page=x", "q=%00", "q=++"])
def test_what_is_not_known_is_as_good_as_left_out(wrong):
    make("b")
    make("a")
    shown = read(wrong)
    assert ([row.name for row in shown], shown.is_narrowed, shown.here) == (["a", "b"], False, "?")


def test_addresses_lead_on_with_everything_that_is_chosen(monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1)
    for name in ("a", "b", "c"):
        make(name, kind="reseller")
    shown = read("kind=reseller&sort=-name&page=2")
    assert (shown.previous, shown.next) == ("?kind=reseller&sort=-name", "?kind=reseller&sort=-name&page=3")
    assert [(head.label, head.link, head.order) for head in shown.heads] == [
        ("Name", "?kind=reseller", "descending"),
        ("Kind", "", ""),
        ("Suspended", "?kind=reseller&sort=-since", ""),
    ]


def test_filters_and_sorts_are_told():
    shown = read("kind=reseller")
    assert [(known.key, value) for known, value in shown.fields] == [("kind", "reseller"), ("stopped", "")]
    assert shown.sorts[:2] == [("name", "Name, ascending"), ("-name", "Name, descending")]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_are_the_same_for_any_number(count, django_assert_num_queries):
    for number in range(count):
        make(str(number))
    with django_assert_num_queries(2):
        assert len(list(read())) == count
    with django_assert_num_queries(3):
        assert len(list(read("kind=customer"))) == count


def test_only_rows_in_scope_are_picked(monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    mine, also, foreign = make("a"), make("b"), make("c", kind="reseller")
    sent = QueryDict(mutable=True)
    sent.setlist("pick", [mine.public_id, foreign.public_id, also.public_id])
    assert list(picked(sent, Organization.objects.filter(kind="customer"))) == [mine]
