"""Virtual visitors: each has opened the frame and has a session, so that what is measured is the steady state."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from tests.bench.client import Broken, request
from tests.bench.processes import EMBED_URL, Server

SITE = "https://shop.test"
FRAME_HEADERS = {"Sec-Fetch-Dest": "iframe", "Referer": f"{SITE}/", "X-Forwarded-Proto": "https"}
_BOOT = re.compile(rb'<script type="application/json" id="boot"[^>]*>(.*?)</script>', re.DOTALL)
_CONVERSATION = {"conversation": "c" * 20}


@dataclass(frozen=True, slots=True)
class Site:
    """The public ids of the rows."""

    license: str
    chatkit: str
    n8n: str
    slow: str  # an n8n widget, too

    @property
    def loader(self) -> str:
        return f"/api/widget/{self.license}/chat-widget.js?widget={self.n8n}"

    def frame(self, widget: str) -> str:
        widget_type = "chatkit" if widget == "chatkit" else "n8n"
        return f"/widget/{widget_type}/{self.license}?widget={getattr(self, widget)}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The headers of a frame's calls, as they are behind a proxy, and the frame's API."""

    headers: Mapping[str, str]
    api: Mapping[str, str]

    def session(self) -> bytes:
        return request("POST", self.api["session"], self.headers, b"{}")

    def message(self) -> bytes:
        body = {**_CONVERSATION, "text": "When will my order arrive?"}
        return request("POST", self.api["messages"], self.headers, json.dumps(body).encode())

    def beacon(self) -> bytes:
        """20 events, the most that one may carry."""
        names = ["opened", "ready", "link", "failed"] * 5
        body = {"events": [{"name": name} for name in names]}
        return request("POST", self.api["events"], self.headers, json.dumps(body).encode())

    def anew(self) -> "Visitor":
        """Somebody on the same page of whom nothing is known yet."""
        return Visitor({name: value for name, value in self.headers.items() if name != "X-Chatdock-Visitor"}, self.api)


async def make_visitors(product: Server, site: Site, widget: str, number: int) -> list[Visitor]:
    """`widget`: "chatkit", "n8n" or "slow". Raises Broken."""
    async with open_client(product) as client:
        # An address for each, out of RFC 2544's block for benchmarks.
        made = (_visitor(client, site, widget, f"198.18.{n // 250}.{n % 250 + 1}") for n in range(number))
        return await asyncio.gather(*made)


def open_client(product: Server) -> aiohttp.ClientSession:
    """For what is not measured."""
    return aiohttp.ClientSession(
        product.url,
        headers={"Host": EMBED_URL.removeprefix("https://")},
        connector=aiohttp.TCPConnector(limit=32),
        auto_decompress=False,
    )


async def fetch(
    client: aiohttp.ClientSession, path: str, headers: Mapping[str, str]
) -> tuple[bytes, Mapping[str, str]]:
    """The body as it came, still compressed, and the answer's headers. Raises Broken."""
    async with client.get(path, headers=headers) as response:
        if response.status != 200:
            raise Broken(f"{path}: {response.status} {await response.text()}")
        return await response.read(), response.headers


async def _visitor(client: aiohttp.ClientSession, site: Site, widget: str, address: str) -> Visitor:
    page, _ = await fetch(client, site.frame(widget), {**FRAME_HEADERS, "Accept-Encoding": "identity"})
    boot = json.loads(_BOOT.search(page)[1])
    headers = {
        "Origin": EMBED_URL,
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": address,
        "X-Forwarded-Proto": "https",
        "X-Chatdock-Widget": f"{site.license}/{getattr(site, widget)}",
        "X-Chatdock-Page": boot["pageToken"],
    }
    first = boot["api"]["session" if widget == "chatkit" else "history"]
    async with client.post(first, json=_CONVERSATION, headers=headers) as response:
        if response.status != 200:
            raise Broken(f"{first}: {response.status} {await response.text()}")
        return Visitor({**headers, "X-Chatdock-Visitor": response.headers["X-Chatdock-Visitor"]}, boot["api"])
