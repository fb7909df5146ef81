from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.fakes.serve import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.fakes.element_page import ElementPage


@pytest.fixture
def fakes(standins: Served) -> Served:
    return standins


@pytest.fixture
def http(fakes: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=fakes.url, trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def context(chromium: "Browser") -> Iterator["BrowserContext"]:
    context = chromium.new_context(viewport={"width": 400, "height": 640}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.grant_permissions(["local-network-access"])  # embed.test is no local page, the stand-in is local
    yield context
    context.close()


@pytest.fixture
def mounted(context: "BrowserContext", fakes: Served) -> Callable[..., "ElementPage"]:
    """An element with these options on a page, and a secret for alice."""
    from tests.fakes.element_page import ElementPage, new_secret  # noqa: PLC0415  - loads Playwright

    def mount(options: dict[str, Any] | None = None, **more: Any) -> "ElementPage":
        one = ElementPage(context, fakes, lambda: new_secret(fakes), **more)
        one.mount(options)
        one.wait_for("ready")
        return one

    return mount
