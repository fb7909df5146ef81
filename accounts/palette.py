"""What the command palette offers on every page: groups of things to go to or to do, narrowed by what is typed."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from django.urls import reverse

from accounts.decorators import OrganizationRequest
from accounts.models import Membership
from accounts.navigation import places_of


class Item(TypedDict, total=False):
    """`path` is gone to; `press` is the id of a form of the page, with the value of its button where it has several.
    `words` find it too."""

    label: str
    note: str
    words: str
    path: str
    press: str
    value: str


class Group(TypedDict):
    label: str
    items: list[Item]


def narrowed(groups: Iterable[Group], query: str) -> list[Group]:
    """Items of whose label, note and words every word is a part; groups that are left with none are gone."""
    words = query.lower().split()
    found = (Group(label=group["label"], items=[i for i in group["items"] if _fits(i, words)]) for group in groups)
    return [group for group in found if group["items"]]


def places(request: OrganizationRequest) -> Group:
    found = places_of(request.organization.kind, request.organization.slug, request.permissions)
    return Group(label="Places", items=[Item(label=place.label, path=place.path) for place in found])


def organizations(memberships: Sequence[Membership]) -> Group:
    enter = [(each.organization.name, reverse("accounts:enter", args=[each.organization.slug])) for each in memberships]
    return Group(label="Organizations", items=[Item(label=name, path=path) for name, path in enter])


OF_A_THEME = "mode switch appearance"


def actions() -> Group:
    themes = {"system": "as the system says", "light": "light", "dark": "dark"}
    return Group(
        label="Actions",
        items=[
            *(Item(label=f"Theme: {name}", press="theme", value=key, words=OF_A_THEME) for key, name in themes.items()),
            Item(label="Change password", path=reverse("accounts:password")),
            Item(label="Log out", press="log-out"),
        ],
    )


def _fits(item: Item, words: Sequence[str]) -> bool:
    text = f"{item['label']} {item.get('note', '')} {item.get('words', '')}".lower()
    return all(word in text for word in words)
