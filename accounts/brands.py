"""Whose name and colours a page, a mail or a chat carries, and whose host this is, answered from memory.

Every request asks, so a process keeps all brands and verified hosts: a few hundred bytes for each reseller. They are
read again when a message says that one has changed, and now and then in case a message was lost.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import monotonic

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from django.urls import reverse

from accounts.brand_models import Brand as Row
from accounts.brand_models import Hostname
from accounts.look import Look
from accounts.models import Organization
from core import bus
from core.db import in_db
from core.hosts import OwnHost, honour, origin_of, own_host
from core.lifespan import on_shutdown, on_startup

log = logging.getLogger(__name__)

TOPIC = "brands"
PRODUCT = "Chatdock"
_HEARING, _DEAF = 30.0, 3.0  # seconds that what was read is good for, with and without messages
_NEVER = float("-inf")
_PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Brand:
    name: str = PRODUCT
    look: Look = _PLAIN
    logo: str = ""  # path
    logo_is_wide: bool = False
    dashboard: str = ""  # origins; "": the platform's
    embed: str = ""
    owner: int | None = None  # Organization.pk; None: nobody has dressed the product

    @property
    def is_product(self) -> bool:
        """Nobody gave it a name or a picture: ours."""
        return not self.look.name and not self.logo

    @property
    def stylesheet(self) -> str:
        """Path of its colours, or ""."""
        shades = self.look.shades
        return reverse("accounts:brand-colours", args=[f"{shades[0][1:]}-{shades[1][1:]}"]) if shades else ""


@dataclass(frozen=True, slots=True)
class Directory:
    """All of them, as they were at one moment."""

    platform: Brand = Brand()
    resellers: Mapping[int, Brand] = field(default_factory=dict)  # Organization.pk → …
    hosts: Mapping[str, OwnHost] = field(default_factory=dict)


class Kept:
    """What this process knows. A task of the server keeps it fresh; without one (workers, commands) the asker does."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.read_at = _NEVER
        self._messages = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    def get(self) -> Directory:
        is_old = self._task is None and monotonic() - self.read_at > _life()
        if (is_old or self.read_at == _NEVER) and not _in_event_loop():
            self.read()
        return self.directory

    def read(self) -> None:
        """Where the database is away, what was known goes on."""
        started, messages = monotonic(), self._messages
        try:
            self.directory = _load()
        except Error as error:
            # A process may start before the tables are there, as the demo does.
            level = logging.INFO if self.read_at == _NEVER else logging.WARNING
            log.log(level, "Brands could not be read, the last known go on: %s", type(error).__name__)
        if messages == self._messages:  # else something changed while we read
            self.read_at = started

    def forget(self, topic: str) -> None:
        """A message, from any thread."""
        if topic not in (TOPIC, bus.EVERYTHING):
            return
        self._messages += 1
        self.read_at = _NEVER
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(self._changed.set)

    async def start(self) -> None:
        self._loop, self._changed = asyncio.get_running_loop(), asyncio.Event()
        await in_db(self.read)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._loop = self._task = None

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_life()):
                    await self._changed.wait()
            self._changed.clear()
            await in_db(self.read)


kept = Kept()
bus.subscribe(kept.forget)


@on_startup
async def _start() -> None:
    await kept.start()


@on_shutdown
async def _stop() -> None:
    await kept.stop()


def _life() -> float:
    return _HEARING if bus.is_live() else _DEAF


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def brand_for(request: HttpRequest) -> Brand:
    """Of the host that the request is on; on the platform's, of the organization that was entered."""
    own = own_host(request)
    return of_reseller(own.owner) if own else brand_of(getattr(request, "organization", None))


def brand_of(organization: Organization | None) -> Brand:
    """As its own people see the product."""
    return of_reseller(reseller_of(organization))


def reseller_of(organization: Organization | None) -> int | None:
    """Whose customer it is, or itself if it is a reseller."""
    if organization is None:
        return None
    return organization.pk if organization.kind == Organization.Kind.RESELLER else organization.parent_id


def of_reseller(pk: int | None) -> Brand:
    directory = kept.get()
    return directory.platform if pk is None else directory.resellers.get(pk, directory.platform)


def dashboard_url(organization: Organization | None) -> str:
    """Where its people find the dashboard: an origin."""
    return brand_of(organization).dashboard or settings.DASHBOARD_URL


def embed_url(organization: Organization | None) -> str:
    """Where the chats of its websites come from: an origin."""
    return brand_of(organization).embed or settings.EMBED_URL


@honour
def _host(name: str) -> OwnHost | None:
    return kept.get().hosts.get(name)


def _load() -> Directory:
    """Two queries; the pictures stay where they are."""
    rows = list(Row.objects.select_related("organization").defer("logo").order_by("pk"))
    names = list(Hostname.objects.verified())
    ours = next((row for row in rows if row.organization.kind == Organization.Kind.PLATFORM), None)
    platform = _dressed(Brand(), ours.look(), ours) if ours else Brand()
    resellers = {name.organization_id: replace(platform, owner=name.organization_id) for name in names}
    for row in rows:
        if row.organization.kind == Organization.Kind.RESELLER:
            bare = Brand() if row.look().name else platform
            resellers[row.organization_id] = _dressed(bare, row.look().over(platform.look), row)
    for name in names:
        bare, origin = resellers[name.organization_id], origin_of(name.host, embed=name.is_embed)
        there = replace(bare, embed=origin) if name.is_embed else replace(bare, dashboard=origin)
        resellers[name.organization_id] = there
    hosts = {name.host: OwnHost(is_embed=name.is_embed, owner=name.organization_id) for name in names}
    return Directory(platform, resellers, hosts)


def _dressed(bare: Brand, look: Look, row: Row) -> Brand:
    brand = replace(bare, name=look.name or bare.name, look=look, owner=row.organization_id)
    if not row.logo_digest:
        return brand
    return replace(brand, logo=logo_path(row), logo_is_wide=row.logo_is_wide)


def logo_path(row: Row) -> str:
    return reverse("accounts:brand-logo", args=[row.logo_digest])
