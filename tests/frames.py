"""A frame page without a browser: opens it as a site would and calls the API as its scripts do."""

import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from widgets.models import Widget

SITE = "https://shop.test"
_BOOT = re.compile(r'<script type="application/json" id="boot"[^>]*>(.*?)</script>', re.DOTALL)


class Frame:
    """`site` is the embedding page's origin, None for a page that hides it; `full_page` opens the chat on its own."""

    def __init__(self, client: Client, widget: Widget, *, site: str | None = SITE, full_page: bool = False) -> None:
        self.client, self.widget = client, widget
        self.path = f"/widget/{widget.widget_type}/{widget.license.public_id}?widget={widget.public_id}"
        headers = {"Sec-Fetch-Dest": "document" if full_page else "iframe"}
        if site:
            headers["Referer"] = f"{site}/"
        self.visitor = ""
        self._opening = headers
        self._open(self.path)

    def _open(self, path: str) -> None:
        self.response: Any = self.client.get(path, headers=self._opening)
        self.boot = boot_of(self.response.content.decode())
        widget = self.widget
        self.headers = {
            "Origin": settings.EMBED_URL,
            "Sec-Fetch-Site": "same-origin",
            "X-Chatdock-Widget": f"{widget.license.public_id}/{widget.public_id}",
            "X-Chatdock-Page": self.boot.get("pageToken", ""),
        }

    @property
    def code(self) -> str:
        """The code on a refusing page."""
        found = re.search(r"<code>(\w+)</code>", self.response.content.decode())
        return found[1] if found else ""

    def post(self, api: str, body: Any = None, **headers: str | None) -> HttpResponse:
        """Calls `boot.api[api]`; `headers` replace the frame's own (with _ for -), None leaves one out."""
        sent = {**self.headers, "X-Chatdock-Visitor": self.visitor or None}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.post(
            self.boot.get("api", {}).get(api) or f"/api/n8n/{api}",
            json.dumps(body if body is not None else {"conversation": "c" * 20}),
            content_type="application/json",
            headers={name: value for name, value in sent.items() if value is not None},
        )
        self.visitor = answer.headers.get("X-Chatdock-Visitor", self.visitor)
        return answer


def boot_of(page: str) -> Any:
    """What a frame page hands its script; {} on a refusing one."""
    found = _BOOT.search(page)
    return json.loads(found[1]) if found else {}


def code_of(response: HttpResponse) -> str:
    """The error's code, or "" for a success."""
    return "" if response.status_code < 400 else json.loads(response.content)["error"]["code"]
