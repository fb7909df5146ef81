"""The places of an organization's dashboard, in the order of the menu."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url_name: str  # by name only: the apps above are not imported here
    permission: Permission
    kinds: Collection[str] = ("customer", "reseller", "platform")
    folded: bool = False  # what one sets up and looks at now and then: under “More”


class Found(NamedTuple):
    label: str
    path: str
    folded: bool


PLACES = (
    Place("Overview", "widgets:overview", Permission.WIDGET_READ),
    Place("Widgets", "widgets:list", Permission.WIDGET_READ),
    Place("Customers", "licenses:customers", Permission.CUSTOMER_READ, ("reseller", "platform")),
    Place("Licences", "licenses:list", Permission.LICENSE_READ),
    Place("Plans", "licenses:plans", Permission.PLAN_MANAGE, ("reseller", "platform")),
    Place("Resellers", "licenses:resellers", Permission.RESELLER_MANAGE, ("platform",)),
    Place("Team", "accounts:team", Permission.MEMBER_MANAGE, folded=True),
    Place("Access", "accounts:grants", Permission.GRANT_MANAGE, ("customer",), folded=True),
    Place("Access", "accounts:received", Permission.CUSTOMER_MANAGE, ("reseller",), folded=True),
    Place("Branding", "licenses:branding", Permission.BRANDING_EDIT, ("reseller", "platform"), folded=True),
    Place("API", "accounts:tokens", Permission.TOKEN_MANAGE, folded=True),
    Place("Webhooks", "accounts:webhooks", Permission.TOKEN_MANAGE, folded=True),
    Place("Support", "accounts:support", Permission.CUSTOMER_READ, ("platform",), folded=True),
    Place("Audit log", "accounts:audit", Permission.AUDIT_READ, folded=True),
)


def places_of(kind: str, slug: str, permissions: Collection[Permission]) -> Iterator[Found]:
    """Each place that an organization of this `kind` has and these `permissions` open."""
    for place in PLACES:
        if kind in place.kinds and place.permission in permissions:
            yield Found(place.label, reverse(place.url_name, args=[slug]), place.folded)
