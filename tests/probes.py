"""What the tests of the connection probes share: the API's answer as steps."""

from typing import Any

from django.http import HttpResponse

from accounts.models import Membership
from tests.api import Api
from widgets.models import Widget


def try_it(widget: Widget, *, by: Membership | None = None, **body: Any) -> HttpResponse:
    """By the owner, or by another member with a token from better days."""
    api = Api(widget.organization.memberships.get(role="owner"))
    if by:
        api.token.created_by = by.user
        api.token.save()
    return api.post(f"/widgets/{widget.public_id}/test/", body)


def states(response: HttpResponse) -> dict[str, str]:
    return {step["id"]: step["state"] for step in response.json()["steps"]}


def step(response: HttpResponse, id: str) -> dict[str, Any]:
    return next(step for step in response.json()["steps"] if step["id"] == id)
