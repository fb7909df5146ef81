from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.belonging import here
from accounts.models import Membership, User
from accounts.palette import actions, narrowed, organizations
from core.http import json_response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The command palette of pages that belong to no organization: `?q=` → `{"groups": […]}`."""
    memberships = list(Membership.objects.for_user(cast(User, request.user)).filter(here(request)).for_switcher())
    return json_response({"groups": narrowed([organizations(memberships), actions()], request.GET.get("q", ""))})
