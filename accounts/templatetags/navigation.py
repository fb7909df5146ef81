from dataclasses import dataclass
from typing import cast

from django import template
from django.template import RequestContext

from accounts.decorators import OrganizationRequest
from accounts.navigation import places_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    path: str
    here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    shown: list[Link]
    folded: list[Link]  # in a menu of their own; one alone is shown

    @property
    def here(self) -> Link | None:
        """Where one is, if that is folded away."""
        return next((link for link in self.folded if link.here), None)


@register.simple_tag(takes_context=True)
def menu(context: RequestContext) -> Menu:
    request = cast(OrganizationRequest, context["request"])
    found = list(places_of(request.organization.kind, request.organization.slug, request.permissions))
    fold = sum(place.folded for place in found) > 1
    links = [(place, Link(place.label, place.path, request.path.startswith(place.path))) for place in found]
    return Menu(
        shown=[link for place, link in links if not (fold and place.folded)],
        folded=[link for place, link in links if fold and place.folded],
    )
