"""Finds Chromium and knows how to start it for tests: offline, every *.test host on this machine."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome")
HEADLESS = "chromium-headless-shell"
HOST = "127.0.0.1"


def chromium_program() -> str | None:
    """CHROMIUM, a program on the PATH, or the one that Playwright installed."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next(iter(sorted(map(str, folder.glob("chromium-*/chrome-linux*/chrome")), reverse=True)), None)


def headless_program() -> str | None:
    """Debian's Chromium without windows, where it is there: the same pages in half the time. It has no back/forward
    cache."""
    return os.environ.get("CHROMIUM") or shutil.which(HEADLESS) or chromium_program()


def launch_arguments(*, product_port: int, site_port: int, plain_site_port: int) -> list[str]:
    """Chromium's flags. `https://widgets.test`, `https://dashboard.test` and, as a reseller's own, `https://*.agency.test`
    are the product, any other *.test host is a site, over https or http, and all of them on their default ports;
    nothing else resolves.
    """
    rules = (
        f"MAP widgets.test:443 {HOST}:{product_port}",
        f"MAP dashboard.test:443 {HOST}:{product_port}",
        f"MAP *.agency.test:443 {HOST}:{product_port}",
        f"MAP *.test:443 {HOST}:{site_port}",
        f"MAP *.test:80 {HOST}:{plain_site_port}",
        "MAP * ~NOTFOUND",
        "EXCLUDE localhost",
        f"EXCLUDE {HOST}",
    )
    flags = [
        f"--host-resolver-rules={','.join(rules)}",
        "--ignore-certificate-errors",
        "--disable-dev-shm-usage",  # /dev/shm is 64 MB in a container
        "--enable-automation",  # lets a test ask how it was started
    ]
    return [*flags, "--no-sandbox"] if os.geteuid() == 0 else flags
