"""What the tests of the connection probes share: the API's answer as steps."""

import json
from typing import Any

from django.http import HttpResponse

from widgets.models import Widget


def api_url(widget: Widget) -> str:
    return f"/api/v1/widgets/{widget.public_id}/test/"


def try_it(client: Any, widget: Widget, **body: Any) -> HttpResponse:
    return client.post(api_url(widget), json.dumps(body), content_type="application/json")


def states(response: HttpResponse) -> dict[str, str]:
    return {step["id"]: step["state"] for step in response.json()["steps"]}


def step(response: HttpResponse, id: str) -> dict[str, Any]:
    return next(step for step in response.json()["steps"] if step["id"] == id)
