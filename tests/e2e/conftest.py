"""The product, its upstreams and other people's sites, for a real browser.

`product` is on http://localhost (dashboard) and http://127.0.0.1 (embed) as in `make run`; `secure_product` on
https://dashboard.test and https://widgets.test. Both serve the test's database, which is emptied after each test.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import trustme
from aiohttp import web

from config.demo.seed import seed
from config.demo.site.app import make_app
from tests.browser import chromium_program, launch_arguments
from tests.build import make_license, make_organization, make_user, make_widget
from tests.e2e import server, sites
from tests.e2e.dashboard import log_in
from tests.e2e.hands import Hand, Keyboard, Mouse
from tests.fakes import serve
from tests.services import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> server.Certificate:
    """In a folder of this process's own: VAR_DIR is one for all that test at the same time."""
    issued = trustme.CA().issue_cert("*.test")
    folder = tmp_path_factory.mktemp("certificate")
    certificate = server.Certificate(folder / "test.pem", folder / "test.key")
    certificate.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    certificate.key.write_bytes(issued.private_key_pem.bytes())
    return certificate


@pytest.fixture(scope="session")
def _product(django_db_setup: None, _standins: serve.Served) -> Iterator[server.Product]:
    port = free_port()
    urls = {"dashboard": f"http://localhost:{port}", "embed": f"http://127.0.0.1:{port}"}
    with server.product(port=port, standins=_standins.url, **urls) as product:
        yield product


@pytest.fixture(scope="session")
def _secure_product(
    django_db_setup: None,
    _standins: serve.Served,
    certificate: server.Certificate,
    browser_ports: dict[str, int],
) -> Iterator[server.Product]:
    urls = {"dashboard": "https://dashboard.test", "embed": "https://widgets.test"}
    port = browser_ports["product_port"]
    with server.product(port=port, standins=_standins.url, certificate=certificate, **urls) as product:
        yield product


@contextmanager
def _log_of_this_test(log: Path) -> Iterator[None]:
    """pytest shows it with a failure."""
    before = log.stat().st_size
    yield
    with log.open("rb") as lines:
        lines.seek(before)
        print(lines.read().decode(errors="replace"))


@pytest.fixture
def product(_product: server.Product, standins: serve.Served, transactional_db: None) -> Iterator[server.Product]:
    with _log_of_this_test(_product.log):
        yield _product


@pytest.fixture
def secure_product(
    _secure_product: server.Product, standins: serve.Served, transactional_db: None
) -> Iterator[server.Product]:
    with _log_of_this_test(_secure_product.log):
        yield _secure_product


@pytest.fixture(scope="session")
def _sites(certificate: server.Certificate, browser_ports: dict[str, int]) -> Iterator[sites.Sites]:
    ports = {"port": browser_ports["site_port"], "plain_port": browser_ports["plain_site_port"]}
    with sites.served(certificate=certificate, **ports) as served:
        yield served


@pytest.fixture
def site(_sites: sites.Sites) -> sites.Sites:
    _sites.clear()
    return _sites


@pytest.fixture
def context(chromium: "Browser") -> Iterator["BrowserContext"]:
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: "BrowserContext") -> Iterator["Page"]:
    """A tab. An exception that no script of the page caught fails the test."""
    page, uncaught = context.new_page(), []
    page.on("pageerror", lambda error: uncaught.append(str(error)))
    yield page
    assert uncaught == []


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def hand(request: pytest.FixtureRequest, page: "Page") -> Hand:
    """The test tells its story twice."""
    return request.param(page)


@pytest.fixture
def demo(product, settings, monkeypatch) -> dict[str, str]:
    """The rows of `make run`, with the stand-ins as upstreams: the ids that its site needs."""
    monkeypatch.setenv("DEMO_PASSWORD", "a password for tests")
    settings.DEMO_UPSTREAM_URL = product.standins
    settings.OUTBOUND_ALLOW = [urlsplit(product.standins).netloc]
    settings.EMBED_URL, settings.DASHBOARD_URL = product.embed, product.dashboard
    return seed()["site"]


@pytest.fixture
def demo_site(product: server.Product, demo: dict[str, str]) -> Iterator[str]:
    """The address of Harbour Coffee, without a trailing slash."""
    app = make_app(embed_url=product.embed, dashboard_url=product.dashboard, ids=lambda: demo)
    with served_in_thread(app) as port:
        yield f"http://localhost:{port}"


@contextmanager
def served_in_thread(app: web.Application) -> Iterator[int]:
    loop, runner, ready = (
        asyncio.new_event_loop(),
        web.AppRunner(app, shutdown_timeout=0.2, access_log=None),
        threading.Event(),
    )

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.set()

    def run() -> None:
        loop.create_task(start())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the site did not start")
    try:
        yield runner.addresses[0][1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.fixture
def returning(chromium: "Browser", browser_ports: dict[str, int], tmp_path: Path) -> Iterator["Page"]:
    """A tab of a browser with a profile, as people have it: storage of a frame per site, and a back/forward cache.

    Playwright switches both off; without the first (ThirdPartyStoragePartitioning) a frame has no storage at all.
    """
    running = chromium.new_browser_cdp_session().send("Browser.getBrowserCommandLine")["arguments"]
    unusual = ("--disable-features=", "--disable-back-forward-cache")
    switched_off = [argument for argument in running if argument.startswith(unusual)]
    context = chromium.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium_program(),
        args=launch_arguments(**browser_ports),
        ignore_default_args=switched_off,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def alice(product):
    return make_user("alice")


@pytest.fixture
def license(alice):
    return make_license(make_organization("Alice's shop", alice))


@pytest.fixture
def configurator(page, context, product, settings):
    """Opens the configurator of a new widget of alice's: `configurator("chatkit", width=360, **make_widget's)`."""
    settings.OUTBOUND_ALLOW = [urlsplit(product.standins).netloc]
    alice = make_user("alice")
    license = make_license(make_organization("Alice's shop", alice))

    def opened(widget_type: str = "n8n", width: int = 1440, **facts):
        connection = {"url": f"{product.standins}/n8n/webhook/demo/chat"} if widget_type == "n8n" else {}
        widget = make_widget(license, widget_type, **({"connection": connection} | facts))
        page.set_viewport_size({"width": width, "height": 900})
        log_in(context, product, alice)
        page.goto(f"{product.dashboard}/o/alices-shop/widgets/{widget.public_id}/")
        return widget

    return opened
