from typing import cast

from django import template
from django.template import RequestContext

from accounts.decorators import OrganizationRequest
from accounts.navigation import places_of

register = template.Library()


@register.simple_tag(takes_context=True)
def places(context: RequestContext) -> list[tuple[str, str, bool]]:
    """(label, path, is where one is) of the organization's places."""
    request = cast(OrganizationRequest, context["request"])
    found = places_of(request.organization.kind, request.organization.slug, request.permissions)
    return [(label, path, request.path.startswith(path)) for label, path in found]
