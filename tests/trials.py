"""The test chat of the Connection page, without a browser."""

import re
from typing import Any

from django.conf import settings
from django.test import Client

from tests.frames import Frame, boot_of
from tests.widgets.forms import fields_of
from widgets.models import Widget


def base(widget: Widget) -> str:
    return f"/o/{widget.organization.slug}/widgets/{widget.public_id}/"


def typed(client: Client, widget: Widget, **values: str) -> dict[str, Any]:
    """The Connection form as it is shown, with other values; a credential by its kind."""
    kinds = {kind.id: f"credential-{kind.id}-secret" for kind in widget.type.credentials}
    page = client.get(f"{base(widget)}connection/")
    return fields_of(page) | {kinds.get(name, name): value for name, value in values.items()}


def press(client: Client, widget: Widget, form: dict[str, Any]) -> Any:
    """“Open a test chat” → the answer on the dashboard."""
    return client.post(f"{base(widget)}trial/", form)


def tokens_of(response: Any) -> dict[str, str]:
    """What the dashboard's script posts to the visitors' host."""
    return dict(re.findall(r'data-(preview|trial)="([^"]+)"', response.content.decode()))


class Trial(Frame):
    """The chat that these tokens open."""

    def __init__(self, client: Client, widget: Widget, tokens: dict[str, str]) -> None:
        super().__init__(client, widget, site=settings.DASHBOARD_URL)
        self.response = client.post("/widget/trial", tokens)
        self.boot = boot_of(self.response.content.decode())
        self.headers["X-Chatdock-Page"] = self.boot.get("pageToken", "")


def open_trial(client: Client, widget: Widget, **values: str) -> Trial:
    """By the client's person, with what she types."""
    response = press(client, widget, typed(client, widget, **values))
    return Trial(Client(), widget, tokens_of(response))
